/**
 * Ids of dialogues and rounds of calls. They are made of what they name, so they are the same at every asking
 * and nothing has to be stored; for clients they are opaque.
 */
const DIALOGUE_ID = /^([0-9a-f]{32})-([1-9]\d{0,8})$/

export const composeDialogueId = (dialogue: {
  readonly instanceId: string
  readonly entryId: number
}): string => `${dialogue.instanceId}-${dialogue.entryId}`

/** What a dialogue id names, or nothing when it is none of a call. */
export function parseDialogueId(
  text: string,
): { readonly instanceId: string; readonly entryId: number } | undefined {
  const [, instanceId, entryId] = DIALOGUE_ID.exec(text) ?? []
  if (instanceId === undefined) return undefined
  return { instanceId, entryId: Number(entryId) }
}

export const roundIdOf = (instanceId: string, turnId: number): string =>
  `${instanceId}-round-${turnId}`
