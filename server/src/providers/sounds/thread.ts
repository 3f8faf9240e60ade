import type { Result } from '../../base/result.ts'
import { makeAmbience, type AmbientId } from '../../media/ambience.ts'
import type { Sound } from '../../ports/sounds.ts'
import { serveModel } from '../serve-model.ts'
import { decodeSound } from './decode.ts'

export type SoundAsk = { readonly askId: number } & (
  | { readonly type: 'decode'; readonly file: Uint8Array }
  | { readonly type: 'ambience'; readonly id: AmbientId }
)

export interface SoundReply {
  readonly askId: number
  readonly sound: Result<Sound, string>
}

await serveModel<SoundAsk, SoundReply>(() => (ask, reply) => {
  const tell = (sound: Result<Sound, string>): void =>
    reply({ askId: ask.askId, sound }, sound.ok ? [sound.value.buffer as ArrayBuffer] : [])
  if (ask.type === 'ambience') tell({ ok: true, value: makeAmbience(ask.id) })
  else {
    decodeSound(ask.file).then(tell, (error: unknown) =>
      tell({ ok: false, error: `the file cannot be read: ${String(error)}` }),
    )
  }
})
