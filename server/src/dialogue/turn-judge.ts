/** Whether a text is something that a speaker would stop after: our own word lists, English and Chinese. */
export type Verdict = 'complete' | 'incomplete' | 'unsure'

export interface Judgement {
  readonly verdict: Verdict
  /** For the record, in words. */
  readonly reason: string
}

/** Words that nobody ends an English sentence with. */
const OPEN_ENGLISH = new Set(
  `a an the and or but nor because although though unless until while whereas if when whenever since than
  of to from with without into onto about between among during against per via by for at in on as
  my your his her its our their this these those every each some any no another
  i we they he she is are was were am be been being do does did have has had will would shall should can
  could may might must want need like let lets gonna wanna going very really quite too so such
  which who whom whose what where why how that it's i'm you're we're they're i'd i'll we'll`
    .split(/\s+/)
    .filter((word) => word !== ''),
)
/** Words on which an English sentence may well end although they stand in the list above. */
const CLOSING_ENGLISH =
  /\b(?:do|did|have|is|are|was|can|it|that|this|so|too|what|why|how|who|where|in|on|like)$/
const FILLER_ENGLISH =
  /(?:^|\s)(?:um+|uh+|er+|erm|hmm+|mm+|well|you know|i mean|let me see|let me think)$/

const OPEN_CHINESE =
  /(?:的话|还有|但是|可是|不过|因为|所以|然后|或者|而且|如果|虽然|就是说|就是|那个|这个|比如|比如说|以及|关于|对于|我想|我要|我想要|请问一下|把|被|跟|和|与|在|从|向|给|对|是|的|一个)$/
const CLOSING_CHINESE =
  /(?:吗|呢|吧|啊|呀|了|啦|谢谢|再见|好的|可以|不用|没有|是的|对的|不是|就这样|说完了)$/
const FILLER_CHINESE = /(?:嗯+|呃+|额+|唔+|那么|怎么说)$/

/** Digits that are still being dictated: groups of a number too short to be a telephone number. */
const DICTATING =
  /(?:number|code|pin|phone|account|card|号码|电话|密码|账号)\D*((?:[\d一二三四五六七八九零〇幺]+[\s,，-]*)+)$/
const SHORTEST_NUMBER_DIGITS = 6

export function judgeTurn(text: string): Judgement {
  const trimmed = text.trim()
  if (trimmed === '') return { verdict: 'unsure', reason: 'nothing recognised' }
  if (/[?？!！]["'”’)）]*$/.test(trimmed)) {
    return { verdict: 'complete', reason: 'a question or an exclamation' }
  }
  if (/(?:…|\.{3}|[,，、;；:：—-])$/.test(trimmed)) {
    return { verdict: 'incomplete', reason: 'ends on a pause mark' }
  }
  const bare = trimmed.replace(/[\p{P}\s]+$/u, '').toLowerCase()
  const dictated = DICTATING.exec(bare)?.[1]?.replace(/[^\d一二三四五六七八九零〇幺]/g, '') ?? ''
  if (dictated !== '' && dictated.length < SHORTEST_NUMBER_DIGITS) {
    return { verdict: 'incomplete', reason: 'a number that is not finished' }
  }
  return /\p{Script=Han}/u.test(bare) ? judgeChinese(bare, trimmed) : judgeEnglish(bare, trimmed)
}

function judgeEnglish(bare: string, text: string): Judgement {
  if (FILLER_ENGLISH.test(bare)) return { verdict: 'incomplete', reason: 'ends on a filler' }
  if (SHORT_ANSWER.test(bare)) return { verdict: 'complete', reason: 'a short answer' }
  const words = bare.split(/\s+/)
  const last = words.at(-1)?.replace(/[^\p{L}\p{N}']/gu, '') ?? ''
  if (OPEN_ENGLISH.has(last)) {
    // "What is it that you do": fine when the sentence is long enough or marked as over.
    const mayClose = CLOSING_ENGLISH.test(bare) && (words.length >= 4 || /[.]$/.test(text))
    return mayClose
      ? { verdict: 'unsure', reason: `may end on “${last}”` }
      : { verdict: 'incomplete', reason: `ends on “${last}”` }
  }
  if (/[.]$/.test(text) || words.length >= 3)
    return { verdict: 'complete', reason: 'a whole sentence' }
  return { verdict: 'unsure', reason: 'few words' }
}

const SHORT_ANSWER =
  /^(?:yes|yeah|yep|no|nope|okay|ok|sure|right|correct|exactly|thanks|thank you|hello|hi|hey|bye|goodbye|stop|wait|never mind|please do|go ahead|not really|of course|all right|alright)$/

function judgeChinese(bare: string, text: string): Judgement {
  if (FILLER_CHINESE.test(bare)) return { verdict: 'incomplete', reason: 'ends on a filler' }
  const closing = CLOSING_CHINESE.exec(bare)?.[0]
  if (closing !== undefined) return { verdict: 'complete', reason: `ends on “${closing}”` }
  const open = OPEN_CHINESE.exec(bare)?.[0]
  if (open !== undefined) return { verdict: 'incomplete', reason: `ends on “${open}”` }
  if (text.endsWith('。') || bare.length >= 4) {
    return { verdict: 'complete', reason: 'a whole sentence' }
  }
  return { verdict: 'unsure', reason: 'few words' }
}

/** How the text ends with one of the words, punctuation, blanks and case apart. */
export function endsWithWord(text: string, words: readonly string[]): string | undefined {
  const folded = fold(text)
  return words.find((word) => {
    const end = fold(word)
    return end !== '' && folded.endsWith(end)
  })
}

const fold = (text: string): string => text.toLowerCase().replace(/[\p{P}\p{S}\s]/gu, '')

/**
 * What people say to show that they listen. Alone, while the agent speaks, it is no interruption. English
 * and Chinese; a call may bring its own list.
 */
export const ACKNOWLEDGEMENTS: readonly string[] = (
  'mhm,mm,mmm,mm hmm,mhmm,hm,hmm,uh huh,uhhuh,aha,ah,oh,yeah,yep,yes,ok,okay,right,sure,i see,got it,' +
  'all right,alright,cool,嗯,嗯嗯,哦,噢,啊,好,好的,对,对对,是,是的,是啊,行,明白,知道了'
).split(',')

/** True when the text is nothing but acknowledgements ("yeah, okay"); one that is not final may end in part of one. */
export function isAcknowledgement(
  text: string,
  acknowledgements: readonly string[],
  isFinal = true,
): boolean {
  let rest = fold(text)
  if (rest === '') return false
  const known = acknowledgements.map(fold).sort((one, other) => other.length - one.length)
  while (rest !== '') {
    const word = known.find((candidate) => candidate !== '' && rest.startsWith(candidate))
    if (word === undefined) return !isFinal && known.some((one) => one.startsWith(rest))
    rest = rest.slice(word.length)
  }
  return true
}
