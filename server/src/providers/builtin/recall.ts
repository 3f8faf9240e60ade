import type { LlmMessage } from '../../ports/llm.ts'
import { plain } from './plain.ts'

const NAME = /\b(?:my name is|my name's|i am called|people call me|call me)\s+([\p{L}' -]+)/iu
/** The name ends where the sentence goes on. */
const AFTER_NAME = /\s+(?:and|but|what|can|could|i|how|from|please|thanks|thank)\b.*$/i
const NAME_WORDS = 3

/** The name that a sentence gives, as it was written. */
export function nameIn(text: string): string | undefined {
  const found = NAME.exec(text)?.[1]?.replace(AFTER_NAME, '').trim()
  if (found === undefined || found === '') return undefined
  return found.split(/\s+/).slice(0, NAME_WORDS).join(' ')
}

/** Answers questions about what was said before; `undefined` when `question` is none. */
export function recall(question: string, earlier: readonly LlmMessage[]): string | undefined {
  const asked = plain(question)
  const said = earlier.filter(({ role }) => role === 'user').map(({ content }) => content)
  if (
    /\b(?:what (?:is|was)|what's|do you (?:know|remember)|tell me) my name\b|\bwho am i\b/.test(
      asked,
    )
  ) {
    const name = said.map(nameIn).findLast((found) => found !== undefined)
    return name === undefined ? 'You have not told me your name.' : `Your name is ${name}.`
  }
  if (/\bwhat did you (?:just )?(?:say|tell|answer)\b|\bsay (?:that|it) again\b/.test(asked)) {
    const answer = earlier.findLast(({ role }) => role === 'assistant')?.content
    return answer === undefined ? 'I have not said anything yet.' : `I said: ${answer}`
  }
  const verb = /\bwhat (?:did|have) i (?:just |first |last )?(\w+)/.exec(asked)?.[1]
  if (verb === undefined && !/\bwhat was (?:the )?(?:first|last) thing i said\b/.test(asked)) {
    return undefined
  }
  return whatWasSaid(said, { verb: verb ?? 'say', isFirst: /\bfirst\b/.test(asked) })
}

const SAYING = /^(?:say|said|ask|asked|tell|told|mention|mentioned|talk)$/

function whatWasSaid(
  said: readonly string[],
  wanted: { readonly verb: string; readonly isFirst: boolean },
): string {
  const about = SAYING.test(wanted.verb)
    ? said
    : said.filter((text) => plain(text).includes(wanted.verb.replace(/(?:e|ed)$/, '')))
  const found = wanted.isFirst ? about[0] : about.at(-1)
  if (found !== undefined) return `You said: ${found}`
  return said.length === 0
    ? 'You have not said anything before.'
    : 'I do not find that in what you said.'
}
