import { Type } from 'typebox'

/** A file that a message came with. */
export const dialogueAttachment = Type.Object({
  Id: Type.String(),
  Name: Type.String(),
  Type: Type.Integer(),
  Format: Type.String(),
  Url: Type.String(),
})

/** One entry of ListAIAgentDialogues. What calls do not have is empty. */
export const aiAgentDialogue = Type.Object({
  DialogueId: Type.String({ description: 'The entry, to delete it by.' }),
  RoundId: Type.String({ description: 'Shared by a message of the user and the answers to it.' }),
  NodeId: Type.String({ description: 'The node of the workflow that made it; empty in calls.' }),
  Producer: Type.Enum(['user', 'agent']),
  Source: Type.Enum(['chat', 'call']),
  Type: Type.Enum(['greeting', 'normal', 'speech', 'announcement', 'custom']),
  Text: Type.String(),
  ReasoningText: Type.String({ description: 'What the model thought; empty in calls.' }),
  Time: Type.Integer({ description: 'When it began, ms since 1970.' }),
  Extend: Type.String({ description: 'JSON text that a model gave along; empty in calls.' }),
  AttachedFileList: Type.Array(dialogueAttachment),
})
