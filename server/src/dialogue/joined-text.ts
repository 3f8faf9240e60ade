/** Sentences of one turn, written one after the other; Chinese needs no blank between them. */
export function join(before: string, text: string): string {
  if (before === '' || text === '') return before + text
  const isTight = /[\p{Script=Han}。！？，、]$/u.test(before) && /^\p{Script=Han}/u.test(text)
  return isTight ? before + text : `${before} ${text}`
}
