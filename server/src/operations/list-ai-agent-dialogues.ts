import { Type, type Static } from 'typebox'
import { fail, ok } from '../base/result.ts'
import type { StoredDialogue } from '../ports/dialogue-store.ts'
import { described } from '../schema/described.ts'
import { aiAgentDialogue } from '../schema/ai-agent-dialogue.ts'
import { composeDialogueId, roundIdOf } from '../schema/dialogue-id.ts'
import { wireInteger } from '../schema/wire.ts'
import { operation } from './operation.ts'

/** Rounds past the newest so many are not given: an answer is made in memory. */
const MOST_ROUNDS = 10_000
const LAST = Number.MAX_SAFE_INTEGER

const time = () => Type.Integer({ minimum: 0, maximum: LAST })

export const listAIAgentDialogues = operation({
  name: 'ListAIAgentDialogues',
  summary: 'Gives what was said in a session, its calls together.',
  errors: ['EndTimeMismatch'],
  input: Type.Object({
    SessionId: Type.String(),
    StartTime: time(),
    EndTime: time(),
    RoundLimit: Type.Optional(Type.Integer({ minimum: 1, maximum: LAST })),
    PageNumber: wireInteger({ minimum: 1, maximum: LAST, default: 1 }),
    PageSize: wireInteger({ minimum: 1, maximum: 100, default: 20 }),
    Order: Type.Optional(Type.Enum(['ASC', 'DESC', ''])),
  }),
  about: {
    SessionId: 'The session that the calls were started with; of a call without one, its id.',
    StartTime: 'Only what was said then or later, ms since 1970.',
    EndTime: 'Only what was said then or earlier, ms since 1970.',
    RoundLimit: 'The newest so many rounds; with it the page does not matter.',
    PageNumber: 'The page, from 1.',
    PageSize: 'Entries of a page.',
    Order: { text: 'By time: ASC the oldest first, DESC the newest first.', default: 'DESC' },
  },
  output: Type.Object(
    described(
      { Dialogues: Type.Array(aiAgentDialogue) },
      { Dialogues: 'What was said, one entry for each sentence.' },
    ),
  ),
  run: async (input, { store }) => {
    const { StartTime: fromMs, EndTime: untilMs, RoundLimit: rounds } = input
    if (fromMs > untilMs) return fail({ code: 'EndTimeMismatch' })
    const dialogues = await store.dialogues.listDialogues({
      sessionId: input.SessionId,
      fromMs,
      untilMs,
      isAscending: input.Order === 'ASC',
      part:
        rounds === undefined
          ? { type: 'page', pageSize: input.PageSize, pageNumber: input.PageNumber }
          : { type: 'newest', rounds: Math.min(rounds, MOST_ROUNDS) },
    })
    return ok({ Dialogues: dialogues.map(dialogueOf) })
  },
})

const dialogueOf = ({ instanceId, sentence }: StoredDialogue): Static<typeof aiAgentDialogue> => ({
  DialogueId: composeDialogueId({ instanceId, entryId: sentence.entryId }),
  RoundId: roundIdOf(instanceId, sentence.turnId),
  NodeId: '',
  Producer: sentence.role,
  Source: 'call',
  Type: sentence.kind,
  Text: sentence.text,
  ReasoningText: '',
  Time: Math.round(sentence.beginMs),
  Extend: '',
  AttachedFileList: [],
})
