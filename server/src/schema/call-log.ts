import { Type, type Static } from 'typebox'

/** One utterance of a call log. */
export const callLogEntry = Type.Object(
  {
    /** From 1, in the order in which the output appeared. */
    id: Type.Integer({ minimum: 1 }),
    /** Seconds since `startTime`. */
    begin: Type.Number({ minimum: 0 }),
    role: Type.Enum(['agent', 'user']),
    type: Type.Enum(['greeting', 'normal', 'speech']),
    text: Type.String(),
  },
  { additionalProperties: true },
)

/** The file behind `CallLogUrl`. Our own members stand under `antiphon`. */
export const callLog = Type.Object(
  {
    instanceId: Type.String(),
    /** Seconds since 1970, with a fraction. */
    startTime: Type.Number(),
    dialog: Type.Array(callLogEntry),
  },
  { additionalProperties: true },
)

export type CallLog = Static<typeof callLog>
