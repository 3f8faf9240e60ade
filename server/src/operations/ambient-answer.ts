import { Type, type Static } from 'typebox'
import type { AmbientRecord } from '../ports/ambient-store.ts'
import { described } from '../schema/described.ts'
import { gmtTime } from '../schema/wire.ts'

/** A background sound as the API shows it. */
export const ambientSound = Type.Object(
  described(
    {
      ResourceId: Type.String(),
      Name: Type.String(),
      Source: Type.Enum(['builtin', 'upload']),
      Format: Type.Optional(Type.Enum(['WAV', 'MP3'])),
      Size: Type.Optional(Type.Integer()),
      Duration: Type.Optional(Type.Integer()),
      GmtCreate: Type.Optional(Type.String()),
    },
    {
      ResourceId: 'What AmbientSoundConfig.ResourceId names it by.',
      Name: 'What it is called, for people.',
      Source: 'Whether it comes along or was uploaded for this agent.',
      Format: 'What was uploaded.',
      Size: { text: 'Length of the uploaded file.', unit: 'bytes' },
      Duration: { text: 'How long it plays before it begins again.', unit: 'ms' },
      GmtCreate: 'When it was uploaded.',
    },
  ),
)

export const ambientAnswer = (record: AmbientRecord): Static<typeof ambientSound> => ({
  ResourceId: record.resourceId,
  Name: record.name,
  Source: 'upload',
  Format: record.format,
  Size: record.sizeBytes,
  Duration: record.durationMs,
  GmtCreate: gmtTime(record.createdMs),
})
