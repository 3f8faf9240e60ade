import { Type, type Static } from 'typebox'

/** How docs/simulate.md describes it. Whole numbers are milliseconds. */
const time = Type.Union([
  Type.Number({ minimum: 0 }),
  Type.String({ pattern: '^\\d+(\\.\\d+)?\\s*(ms|s|min|h)$' }),
])
const range = Type.Array(time, { minItems: 2, maxItems: 2 })
const text = Type.String({ minLength: 1 })
const strict = <Properties extends Parameters<typeof Type.Object>[0]>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })
const optional = Type.Optional

/** What a step can wait for. */
export const MOMENTS = ['agent-speaks', 'agent-done', 'thinking', 'interrupted', 'ended'] as const

const when = {
  id: optional(text),
  at: optional(time),
  after: optional(Type.Enum([...MOMENTS])),
  wait: optional(time),
}

const actions = {
  say: optional(text),
  acknowledge: optional(text),
  cough: optional(time),
  type: optional(text),
  talk: optional(Type.Enum(['start', 'finish', 'cancel'])),
  interrupt: optional(Type.Literal(true)),
  join: optional(Type.Literal(true)),
  leave: optional(Type.Enum(['hang-up', 'lost'])),
  send: optional(
    strict({
      type: Type.Integer(),
      data: optional(Type.Record(Type.String(), Type.Unknown())),
    }),
  ),
  configure: optional(Type.Record(Type.String(), Type.Unknown())),
  announce: optional(text),
  stop: optional(Type.Literal(true)),
}

/** What the user, or somebody else outside, does. */
export const scenarioStep = strict({
  ...when,
  ...actions,
  /** How long `say` and `acknowledge` take. */
  for: optional(time),
  /** A WAV file with the sound of `say`. */
  sound: optional(text),
  /** `type` and `announce`: whether they interrupt the agent. */
  interrupts: optional(Type.Boolean()),
  repeat: optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  steps: optional(Type.Array(Type.Unknown(), { minItems: 1 })),
})

export const ACTIONS = Object.keys(actions) as readonly (keyof typeof actions)[]

const calls = { name: text, arguments: optional(Type.String()) }

/** Its own members, and what it is once its function has answered. */
const replyMembers = {
  when: optional(text),
  text: optional(Type.String()),
  first: optional(time),
  word: optional(time),
  fails: optional(Type.Enum(['before', 'midway'])),
  never: optional(Type.Literal(true)),
  calls: optional(strict(calls)),
}
const reply = strict({ ...replyMembers, afterwards: optional(strict(replyMembers)) })

/** What is to be found in the run, and when. */
export const expectation = strict({
  heard: optional(text),
  said: optional(text),
  shown: optional(text),
  asked: optional(text),
  state: optional(Type.Enum(['listening', 'thinking', 'speaking'])),
  interrupted: optional(Type.Enum(['words', 'voice', 'command', 'speech', 'query', 'unknown'])),
  message: optional(Type.Integer()),
  decision: optional(text),
  ended: optional(text),
  sound: optional(Type.Boolean()),
  history: optional(
    Type.Array(strict({ user: optional(Type.String()), agent: optional(Type.String()) })),
  ),
  /** With `message`: members of its data. */
  data: optional(Type.Record(Type.String(), Type.Unknown())),
  /** With `decision`: something in its words. */
  words: optional(text),
  since: optional(text),
  within: optional(range),
  times: optional(Type.Integer({ minimum: 0 })),
})

export const SUBJECTS = [
  'heard',
  'said',
  'shown',
  'asked',
  'state',
  'interrupted',
  'message',
  'decision',
  'ended',
  'sound',
  'history',
] as const

export const scenario = strict({
  name: optional(text),
  agent: optional(Type.Record(Type.String(), Type.Unknown())),
  agentFile: optional(text),
  providers: optional(Type.Record(Type.String(), Type.Unknown())),
  seed: optional(Type.Integer({ minimum: 0 })),
  user: optional(strict({ joins: optional(Type.Union([time, Type.Literal(false)])) })),
  model: optional(
    strict({
      first: optional(time),
      word: optional(time),
      replies: optional(Type.Array(reply)),
      otherwise: optional(reply),
    }),
  ),
  /** What the agent's functions answer, by their names. */
  functions: optional(
    Type.Record(Type.String(), strict({ result: Type.String(), takes: optional(time) })),
  ),
  /** WAV files in the place of addresses. */
  sounds: optional(Type.Record(Type.String(), text)),
  recogniser: optional(
    strict({ final: optional(time), partial: optional(Type.Union([time, Type.Literal(false)])) }),
  ),
  voice: optional(strict({ first: optional(time), character: optional(time) })),
  steps: Type.Array(scenarioStep, { minItems: 1 }),
  /** How long the call is watched after the last step. */
  until: optional(time),
  expect: Type.Array(expectation, { minItems: 1 }),
})

export type Scenario = Static<typeof scenario>
export type Step = Static<typeof scenarioStep>
export type Reply = Static<typeof reply>
export type Expectation = Static<typeof expectation>

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

/** `1.5s`, `300 ms` or a number of milliseconds, in ms. */
export function milliseconds(given: number | string): number {
  if (typeof given === 'number') return given
  const [, number = '0', unit = 'ms'] = /^([\d.]+)\s*(ms|s|min|h)$/.exec(given) ?? []
  return Number(number) * (UNITS[unit] ?? 1)
}
