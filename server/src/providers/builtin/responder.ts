import type { LlmMessage } from '../../ports/llm.ts'
import { plain } from './plain.ts'
import { nameIn, recall } from './recall.ts'
import { answerSum } from './sums.ts'

export interface Reply {
  readonly text: string
  readonly hangsUp: boolean
}

/** What a reply depends on. The same moment makes the same reply. */
export interface Moment {
  readonly messages: readonly LlmMessage[]
  readonly wallMs: number
  /** The server's own when left out. */
  readonly timeZone?: string
}

interface Question extends Moment {
  /** As it was said, and plain. */
  readonly said: string
  readonly asked: string
  readonly earlier: readonly LlmMessage[]
}

const ABOUT =
  'I am the built-in responder, not a language model. I can tell the time and the date, do sums, ' +
  'repeat after you and recall what you said.'
const PLUG_IN =
  'To plug in a language model, set OPENAI_BASE_URL and OPENAI_API_KEY where the server starts.'
/** Longer sentences are not said back in full. */
const QUOTE_WORDS = 25

/** Asked in this order; the first that has an answer gives it. */
const ANSWERS: readonly ((question: Question) => string | undefined)[] = [
  answerRepeat,
  answerName,
  ({ said, earlier }) => recall(said, earlier),
  answerWhen,
  ({ said }) => answerSum(said),
  answerAbout,
  answerManners,
]

/** The whole of the responder: messages in, the reply out. */
export function respond(moment: Moment): Reply {
  const last = moment.messages.findLastIndex(({ role }) => role === 'user')
  const said = moment.messages[last]?.content.trim() ?? ''
  const earlier = moment.messages.slice(0, Math.max(0, last))
  const question = { ...moment, said, asked: plain(said), earlier }
  if (question.asked === '') return stay(`Hello. ${ABOUT}`)
  if (isFarewell(question.asked)) return { text: 'Goodbye. Thank you for calling.', hangsUp: true }
  for (const answer of ANSWERS) {
    const text = answer(question)
    if (text !== undefined) return stay(text)
  }
  return stay(fallback(question))
}

const stay = (text: string): Reply => ({ text, hangsUp: false })

const isFarewell = (asked: string): boolean =>
  /\b(?:good ?bye|bye|hang up|end (?:the|this) call|see you (?:later|soon)|that is all)\b/.test(
    asked,
  ) && !/\b(?:don't|do not|never|repeat|say)\b/.test(asked)

function answerRepeat({ said, asked, earlier }: Question): string | undefined {
  if (
    /^(?:please |can you |could you |would you )*(?:repeat (?:that|it)|say (?:that|it) again|repeat)(?: please)?$/.test(
      asked,
    )
  ) {
    return (
      earlier.findLast(({ role }) => role === 'assistant')?.content ??
      'I have not said anything yet.'
    )
  }
  const wanted = /\b(?:repeat after me|repeat|say after me|please say|^say)\b[\s,:;.]*(.+)$/is.exec(
    said,
  )?.[1]
  return wanted?.replaceAll(/^["“']|["”']$/g, '').trim()
}

function answerName({ said, asked }: Question): string | undefined {
  if (/^(?:what|who|do you)\b/.test(asked)) return undefined
  const name = nameIn(said)
  return name === undefined ? undefined : `Nice to meet you, ${name}.`
}

function answerWhen({ asked, wallMs, timeZone }: Question): string | undefined {
  const show = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-US', { timeZone, ...options }).format(wallMs)
  const wantsTime = /\b(?:what|the|tell me|current) time\b|\btime is it\b|\bhow late\b/.test(asked)
  const wantsDay =
    /\b(?:what|which) (?:day|date)\b|\b(?:the|today's|today is) (?:date|day)\b|\bwhat is today\b|\bday is (?:it|today|the day|to day)\b/.test(
      asked,
    )
  const time = `It is ${show({ hour: 'numeric', minute: '2-digit' })}.`
  const day = `Today is ${show({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' })}.`
  if (wantsTime && wantsDay) return `${time} ${day}`
  if (wantsTime) return time
  if (wantsDay) return day
  if (/\bwhat (?:month|year) is (?:it|this)\b|\b(?:what|which) (?:month|year)\b/.test(asked)) {
    return `It is ${show({ month: 'long', year: 'numeric' })}.`
  }
  return undefined
}

function answerAbout({ asked, earlier }: Question): string | undefined {
  if (
    /\bplug (?:a|in)\b|\b(?:connect|configure|set up) (?:a|the) (?:language )?model\b/.test(asked)
  ) {
    return PLUG_IN
  }
  const isAbout =
    /\b(?:who|what) are you\b|\bare you (?:a |an |the )?(?:real|human|person|robot|bot|ai|machine|computer|language|model)|\bwhat can (?:you|i)\b|\bhow do you work\b|\byour name\b|^help\b|\bhelp me\b/.test(
      asked,
    )
  if (!isAbout) return undefined
  return hasSaid(earlier, 'OPENAI_BASE_URL') ? ABOUT : `${ABOUT} ${PLUG_IN}`
}

function answerManners({ asked, earlier }: Question): string | undefined {
  if (/\bcan you hear me\b|\bdo you hear me\b|\bare you (?:still )?there\b/.test(asked)) {
    return 'Yes, I can hear you. How can I help?'
  }
  if (/\bhow are you\b|\bhow do you do\b/.test(asked))
    return 'I am well, thank you. How can I help?'
  if (/^(?:hello|hi|hey|good (?:morning|afternoon|evening|day))\b/.test(asked) && isShort(asked)) {
    return hasSaid(earlier, 'built-in') ? 'Hello again.' : `Hello. ${ABOUT}`
  }
  if (/\bthank(?:s| you)\b/.test(asked)) return 'You are welcome.'
  if (
    /^(?:stop|wait|hold on|one moment|just a moment|be quiet|never ?mind)\b/.test(asked) &&
    isShort(asked)
  ) {
    return 'All right, I am listening.'
  }
  if (/^(?:yes|yeah|yep|okay|ok|sure|right|all right|no|nope)$/.test(asked)) return 'All right.'
  return undefined
}

/** Not the long version every time. */
function fallback({ said, earlier }: Question): string {
  const heard = `I understood: ${quote(said)}`
  if (!hasSaid(earlier, 'OPENAI_BASE_URL')) return `${heard} ${ABOUT} ${PLUG_IN}`
  if (hasSaid(earlier.slice(-4), 'language model')) return `${heard} I have no answer to that.`
  return `${heard} Without a language model I have no answer to that.`
}

function quote(said: string): string {
  const words = said.split(/\s+/)
  const text =
    words.slice(0, QUOTE_WORDS).join(' ') + (words.length > QUOTE_WORDS ? ' and so on' : '')
  return /[.?!]$/.test(text) ? text : `${text}.`
}

const isShort = (asked: string): boolean => asked.split(' ').length <= 4

const hasSaid = (earlier: readonly LlmMessage[], what: string): boolean =>
  earlier.some(({ role, content }) => role === 'assistant' && content.includes(what))
