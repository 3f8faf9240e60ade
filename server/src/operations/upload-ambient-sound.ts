import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OUTPUT_RATE_HZ } from '../media/pcm.ts'
import { writeWav } from '../media/wav.ts'
import { described } from '../schema/described.ts'
import { invalidParameter } from '../schema/errors.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'

/** Of one file, decoded from base64. */
const LIMIT_BYTES = 1_500_000
const PER_AGENT_LIMIT = 5
const SHORTEST_MS = 500

export const uploadAmbientSound = operation({
  name: 'UploadAmbientSound',
  version: OWN_VERSION,
  summary:
    'Adds a background sound of one’s own to an agent: WAV or MP3, at most 1.5 MB, at most five.',
  errors: ['AgentNotFound', 'LimitExceeded'],
  input: Type.Object({
    AIAgentId: wireId(),
    Name: Type.Optional(Type.String({ maxLength: 128 })),
    Content: Type.String({ minLength: 1, maxLength: 8_000_000 }),
  }),
  about: {
    AIAgentId: 'The agent that may play it.',
    Name: 'What it is called, for people.',
    Content: 'The file, as base64 text.',
  },
  output: Type.Object(
    described(
      { ResourceId: Type.String() },
      { ResourceId: 'What AmbientSoundConfig.ResourceId names it by.' },
    ),
  ),
  run: async ({ AIAgentId: agentId, Name, Content }, context) => {
    const { store, ambientSounds, soundDecoder, ids, clock, inTurn } = context
    const agent = await store.getAgent(agentId)
    if (agent === undefined || agent.deletedMs !== undefined) return fail({ code: 'AgentNotFound' })
    const file = base64(Content)
    if (file === undefined) return fail(invalidParameter('Content', 'it is not base64 text'))
    if (file.length > LIMIT_BYTES) {
      const got = `it has ${file.length} bytes`
      return fail(invalidParameter('Content', `allowed: ${LIMIT_BYTES} bytes; ${got}`))
    }
    const sound = await soundDecoder.decode(file)
    if (!sound.ok) return fail(invalidParameter('Content', sound.error))
    const durationMs = Math.round((sound.value.length * 1000) / OUTPUT_RATE_HZ)
    if (durationMs < SHORTEST_MS) {
      return fail(invalidParameter('Content', `the sound is shorter than ${SHORTEST_MS} ms`))
    }
    return inTurn(`ambient ${agentId}`, async () => {
      const others = await ambientSounds.list(agentId)
      if (others.length >= PER_AGENT_LIMIT) return fail({ code: 'LimitExceeded' })
      const resourceId = ids.hex32()
      const format = String.fromCharCode(...file.subarray(0, 4)) === 'RIFF' ? 'WAV' : 'MP3'
      const name = Name?.trim() || `Sound ${others.length + 1}`
      const [sizeBytes, createdMs] = [file.length, clock.wallMs()]
      const record = {
        resourceId,
        agentId,
        name,
        format,
        sizeBytes,
        durationMs,
        createdMs,
      } as const
      await ambientSounds.put(
        record,
        writeWav({ sampleRateHz: OUTPUT_RATE_HZ, samples: sound.value }),
      )
      return ok({ ResourceId: resourceId })
    })
  },
})

/** Line breaks are let pass; form decoding may have made blanks of plus signs. */
function base64(text: string): Uint8Array | undefined {
  const compact = text
    .trim()
    .replaceAll(/[\r\n\t]/g, '')
    .replaceAll(' ', '+')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined
  return Uint8Array.from(Buffer.from(compact, 'base64'))
}
