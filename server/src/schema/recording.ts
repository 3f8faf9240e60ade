import { Type } from 'typebox'
import { described } from './described.ts'

/** One recorded file, with an address that is good for 24 hours. */
export const recording = Type.Object(
  described(
    {
      Kind: Type.Enum(['call', 'sentence']),
      Role: Type.Optional(Type.Enum(['user', 'agent'])),
      Id: Type.Optional(Type.Integer()),
      Url: Type.String(),
      StartTime: Type.Integer(),
      Duration: Type.Integer(),
      Size: Type.Integer(),
    },
    {
      Kind: 'The whole call (WAV, 16 kHz, left the user, right the agent), or one sentence (mono).',
      Role: 'Of a sentence: who says it.',
      Id: 'Of a sentence: id of its entry in the call log.',
      Url: 'Where the file is, for 24 hours; parts of it can be asked for.',
      StartTime: {
        text: 'When its first sample was, on the clock of the call log, since 1970.',
        unit: 'ms',
      },
      Duration: { text: 'How long it is.', unit: 'ms' },
      Size: { text: 'How long the file is.', unit: 'bytes' },
    },
  ),
)

/** `Instance.antiphon` of DescribeAIAgentInstance; there when anything was recorded. */
export const instanceExtras = Type.Object(
  described(
    {
      Recordings: Type.Array(recording),
      RecordedSeconds: Type.Number(),
      RecordedMinutes: Type.Integer(),
    },
    {
      Recordings: 'The recordings of the call, oldest first, as far as they have come.',
      RecordedSeconds: { text: 'Length of all of them together.', unit: 's' },
      RecordedMinutes: { text: 'The same, rounded up.', unit: 'min' },
    },
  ),
)
