import { Type } from 'typebox'
import { described } from './described.ts'

const figures = described(
  {
    Calls: Type.Integer(),
    Ended: Type.Integer(),
    Minutes: Type.Number(),
    MostCalls: Type.Integer(),
    Turns: Type.Integer(),
    Answers: Type.Integer(),
    AnswerDelayP50Ms: Type.Optional(Type.Integer()),
    AnswerDelayP95Ms: Type.Optional(Type.Integer()),
    Interruptions: Type.Integer(),
    FalseInterruptions: Type.Integer(),
    Failures: Type.Integer(),
  },
  {
    Calls: 'Calls that were started.',
    Ended: 'Calls that ended.',
    Minutes: {
      text: 'How long those took, from both ends being connected to the end.',
      unit: 'minutes',
    },
    MostCalls: 'The most calls at a time, as far as calls began or ended.',
    Turns: 'Turns of users that an agent was asked to answer.',
    Answers: 'Answers of agents that were heard.',
    AnswerDelayP50Ms: {
      text: 'From the end of what the user said to the first sound of the answer: half of the answers took no longer. To some 2.5 %.',
      unit: 'ms',
    },
    AnswerDelayP95Ms: { text: 'The same: 95 % of the answers took no longer.', unit: 'ms' },
    Interruptions: 'How often an agent was interrupted.',
    FalseInterruptions: 'How often something sounded like an interruption and was none.',
    Failures: 'How often a provider did not do what it was asked for.',
  },
)

/** Figures of calls in some range of time. */
export const statisticsFigures = Type.Object(figures, { additionalProperties: false })

/** Those of one period. */
export const periodStatistics = Type.Object(
  {
    ...described({ StartTime: Type.String() }, { StartTime: 'Where the period begins.' }),
    ...figures,
  },
  { additionalProperties: false },
)

/** What one agent did in that range. */
export const agentStatistics = Type.Object(
  described(
    {
      AIAgentId: Type.String(),
      Name: Type.String(),
      CallsNow: Type.Integer(),
      Calls: Type.Integer(),
      Minutes: Type.Number(),
      MostCalls: Type.Integer(),
    },
    {
      AIAgentId: 'The agent.',
      Name: 'Its name.',
      CallsNow: 'Calls that it has at this moment.',
      Calls: 'Calls that were started.',
      Minutes: { text: 'How long those took that ended.', unit: 'minutes' },
      MostCalls: 'The most calls that it had at a time.',
    },
  ),
  { additionalProperties: false },
)

export const endStatistics = Type.Object(
  described(
    { EndReason: Type.String(), Count: Type.Integer() },
    { EndReason: 'Why, as in the call log.', Count: 'How many calls.' },
  ),
  { additionalProperties: false },
)

export const failureStatistics = Type.Object(
  described(
    {
      Kind: Type.Enum(['asr', 'llm', 'tts', 'vad']),
      Provider: Type.String(),
      Count: Type.Integer(),
    },
    {
      Kind: 'asr: recognition, llm: language model, tts: voice, vad: voice activity.',
      Provider: 'Its name.',
      Count: 'How often it failed.',
    },
  ),
  { additionalProperties: false },
)
