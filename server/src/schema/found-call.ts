import { Type } from 'typebox'
import { described } from './described.ts'

const call = described(
  {
    InstanceId: Type.String(),
    AIAgentId: Type.String(),
    SessionId: Type.Optional(Type.String()),
    Status: Type.Enum(['Created', 'Executing', 'Finished']),
    ChannelId: Type.String(),
    AIAgentUserId: Type.String(),
    UserData: Type.Optional(Type.String()),
    GmtCreate: Type.String(),
    GmtExecuting: Type.Optional(Type.String()),
    GmtFinished: Type.Optional(Type.String()),
    DurationMs: Type.Optional(Type.Integer()),
    EndReason: Type.Optional(Type.String()),
    Turns: Type.Integer(),
    Interruptions: Type.Integer(),
    AnswerDelayP50Ms: Type.Optional(Type.Integer()),
    AnswerDelayP95Ms: Type.Optional(Type.Integer()),
  },
  {
    InstanceId: 'Id of the call.',
    AIAgentId: 'Id of its agent.',
    SessionId: 'The session given at the start.',
    Status: 'Created: nobody is connected yet. Executing: both ends are connected. Finished: over.',
    ChannelId: 'The channel that the agent joined.',
    AIAgentUserId: 'As whom the agent joined.',
    UserData: 'The text given at the start.',
    GmtCreate: 'When it was started, as 2025-07-18T06:39:08.000+00:00.',
    GmtExecuting: 'When both ends were connected for the first time.',
    GmtFinished: 'When it ended.',
    DurationMs: {
      text: 'From both ends being connected to the end; 0 when nobody came. Of finished calls.',
      unit: 'ms',
    },
    EndReason: 'Why it ended.',
    Turns: 'Turns of the user that the agent was asked to answer.',
    Interruptions: 'How often the agent was interrupted.',
    AnswerDelayP50Ms: {
      text: 'From the end of what the user said to the first sound of the answer: half of the answers took no longer.',
      unit: 'ms',
    },
    AnswerDelayP95Ms: { text: 'The same: 95 % of the answers took no longer.', unit: 'ms' },
  },
)

/** One call that a search has found. */
export const foundCall = Type.Object(
  {
    ...call,
    ...described(
      { CallLogUrl: Type.Optional(Type.String()) },
      { CallLogUrl: 'Address of the call log, once the call is over; good for 24 hours.' },
    ),
  },
  { additionalProperties: false },
)

/** One thing said in an exported call. */
export const exportedSentence = Type.Object(
  described(
    {
      Id: Type.Integer(),
      TurnId: Type.Integer(),
      Role: Type.Enum(['user', 'agent']),
      Type: Type.Enum(['greeting', 'normal', 'speech']),
      BeginTime: Type.String(),
      Text: Type.String(),
    },
    {
      Id: 'Its number in the call, in the order in which the output appeared.',
      TurnId: 'The turn that it belongs to.',
      Role: 'Who said it.',
      Type: 'The greeting, something in conversation, or something that a program had said.',
      BeginTime: 'When it began.',
      Text: 'The words.',
    },
  ),
  { additionalProperties: false },
)

/** One line of an export. */
export const exportedCall = Type.Object(
  {
    ...call,
    ...described(
      { Sentences: Type.Optional(Type.Array(exportedSentence)) },
      { Sentences: 'What was said, in order; with WithSentences.' },
    ),
  },
  { additionalProperties: false },
)
