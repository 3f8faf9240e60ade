import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { parseDialogueId } from '../schema/dialogue-id.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'

export const deleteAIAgentDialogue = operation({
  name: 'DeleteAIAgentDialogue',
  summary:
    'Erases something that was said, for good: from the session, the call log and the search.',
  errors: ['ChatLogNotFound'],
  input: Type.Object({
    SessionId: Type.String(),
    DialogueId: wireId(),
    NodeId: Type.Optional(Type.String()),
  }),
  about: {
    SessionId: 'The session that it belongs to.',
    DialogueId: 'The entry, as ListAIAgentDialogues gave it.',
    NodeId: 'Only what that node of the workflow made; entries of calls have none.',
  },
  output: Type.Object({}),
  run: async ({ SessionId: sessionId, DialogueId, NodeId }, { store }) => {
    const dialogue = parseDialogueId(DialogueId)
    // What a node of a workflow made is no entry of a call.
    if (dialogue === undefined || (NodeId ?? '') !== '') return fail({ code: 'ChatLogNotFound' })
    const isGone = await store.dialogues.deleteDialogue({ sessionId, ...dialogue })
    return isGone ? ok({}) : fail({ code: 'ChatLogNotFound' })
  },
})
