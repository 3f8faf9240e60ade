import type { Log } from '../../base/log.ts'
import { fail, type Result } from '../../base/result.ts'
import type { AmbientId } from '../../media/ambience.ts'
import type { Sound, SoundDecoder } from '../../ports/sounds.ts'
import { ModelThread } from '../model-thread.ts'
import type { SoundAsk, SoundReply } from './thread.ts'

export interface SoundThread extends SoundDecoder {
  /** One of the backgrounds that come along. */
  ambience(id: AmbientId): Promise<Result<Sound, string>>
  close(): void
}

type Waiting = (sound: Result<Sound, string>) => void

/** Decodes and makes sounds in a thread of its own, which is started when it is first needed. */
export function startSoundThread(log: Log): SoundThread {
  const open = new Map<number, Waiting>()
  let lastId = 0
  const thread = new ModelThread<SoundAsk, SoundReply>({
    name: 'sounds',
    file: new URL('./thread.ts', import.meta.url),
    setup: {},
    log,
    onReply: ({ askId, sound }) => settle(askId, sound),
    onLost: () => {
      for (const askId of open.keys()) settle(askId, fail('the sound could not be read'))
    },
  })
  const settle = (askId: number, sound: Result<Sound, string>): void => {
    open.get(askId)?.(sound)
    open.delete(askId)
  }
  const ask = (make: (askId: number) => SoundAsk): Promise<Result<Sound, string>> => {
    lastId += 1
    const askId = lastId
    const { promise, resolve } = Promise.withResolvers<Result<Sound, string>>()
    open.set(askId, resolve)
    if (!thread.post(make(askId))) settle(askId, fail(thread.failure ?? 'sounds cannot be read'))
    return promise
  }
  return {
    decode: (file) => ask((askId) => ({ type: 'decode', askId, file })),
    ambience: (id) => ask((askId) => ({ type: 'ambience', askId, id })),
    close() {
      thread.close()
      for (const askId of open.keys()) settle(askId, fail('the server is shutting down'))
    },
  }
}
