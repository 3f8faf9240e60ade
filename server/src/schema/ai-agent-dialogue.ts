import { Type } from 'typebox'
import { described } from './described.ts'

/** A file that a message came with. */
export const dialogueAttachment = Type.Object(
  described(
    {
      Id: Type.String(),
      Name: Type.String(),
      Type: Type.Integer(),
      Format: Type.String(),
      Url: Type.String(),
    },
    {
      Id: 'Id of the file.',
      Name: 'Its name.',
      Type: 'A number that has a meaning for the application.',
      Format: 'Its format, as mp3.',
      Url: 'Its address.',
    },
  ),
)

/** One entry of ListAIAgentDialogues. What calls do not have is empty. */
export const aiAgentDialogue = Type.Object(
  described(
    {
      DialogueId: Type.String(),
      RoundId: Type.String(),
      NodeId: Type.String(),
      Producer: Type.Enum(['user', 'agent']),
      Source: Type.Enum(['chat', 'call']),
      Type: Type.Enum(['greeting', 'normal', 'speech', 'announcement', 'custom']),
      Text: Type.String(),
      ReasoningText: Type.String(),
      Time: Type.Integer(),
      Extend: Type.String(),
      AttachedFileList: Type.Array(dialogueAttachment),
    },
    {
      DialogueId: 'The entry, to delete it by.',
      RoundId: 'Shared by a message of the user and the answers to it.',
      NodeId: 'The node of the workflow that made it; empty in calls.',
      Producer: 'Who said it.',
      Source: 'Where it was said; so far always call.',
      Type: 'The greeting, something in conversation, or something that a program had said (speech).',
      Text: 'The words.',
      ReasoningText: 'What the model thought; empty in calls.',
      Time: { text: 'When it began, since 1970.', unit: 'ms' },
      Extend: 'JSON text that a model gave along; empty in calls.',
      AttachedFileList: 'Files that came with it; none in calls.',
    },
  ),
)
