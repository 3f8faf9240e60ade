import { Type, type Static } from 'typebox'

/** Of the form of traces; a log with another is refused. */
export const TRACE_VERSION = 1

const object = Type.Record(Type.String(), Type.Unknown())

/** What the engine knew when a stretch began. */
export const traceHead = Type.Object(
  {
    version: Type.Integer(),
    /** Added to an event's `atMs` it gives milliseconds since 1970. */
    wallOffsetMs: Type.Number(),
    /** The engine's settings, in its own words (`dialogue/settings.ts`). */
    settings: object,
    /** The members of the configuration that the engine obeys, as on the wire. */
    config: object,
    /** What the call had been through, if it was taken up again after the loss of a worker. */
    past: Type.Optional(object),
  },
  { additionalProperties: true },
)

/** Something that happened to the engine (`DialogueEvent` of `dialogue/events.ts`). */
export const tracedEvent = Type.Object(
  {
    type: Type.String(),
    /** On the stretch's own clock. */
    atMs: Type.Number(),
    /** Fingerprint of what the engine decided then; absent when it was nothing. */
    digest: Type.Optional(Type.String()),
    /** Of `settings-change`: as in the head. */
    config: Type.Optional(object),
  },
  { additionalProperties: true },
)

/** `antiphon.trace` of a call log: all that the engine was told, so that the call can be played again. */
export const callTrace = Type.Object(
  {
    /** One from each start of the call to its end, or to the loss of its worker. */
    stretches: Type.Array(Type.Object({ head: traceHead, events: Type.Array(tracedEvent) })),
  },
  { additionalProperties: true },
)

export type TraceHead = Static<typeof traceHead>
export type TracedEvent = Static<typeof tracedEvent>
export type CallTraceLog = Static<typeof callTrace>
