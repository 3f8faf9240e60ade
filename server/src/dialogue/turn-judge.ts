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

/** Said alone, these are whole answers, though some of them could begin a sentence. */
const SHORT_CHINESE =
  /^(?:[对是好行要停喂早]|没|有|对对|是是|好好|也是|就是|不要|不行|不对|没错|谢了|你好|您好|喂|等等|等一下|停一下|别说了|继续|下一个|都行|随便|没事|当然)$/
/** A sentence may well end on these, once it is more than a few words. */
const MAY_CLOSE_CHINESE = /(?:的|这个|那个|一个|在|对|是|给|跟)$/
/** What is asked for, or said of, is still to come. */
const OPEN_BEFORE_DE = /(?:名字|号码|电话|地址|密码|账号|意思|问题|事情|[你我他她]们?的)(?:是)?$/
const OPEN_CHINESE =
  /(?:的话|还有|但是|可是|不过|因为|所以|然后|或者|而且|如果|虽然|就是说|就是|那个|这个|比如|比如说|以及|关于|对于|我想|我要|我想要|请问一下|把|被|跟|和|与|在|从|向|给|对|是|的|一个)$/
const CLOSING_CHINESE =
  /(?:吗|呢|吧|啊|呀|了|啦|谢谢|再见|好的|可以|不用|没有|是的|对的|不是|就这样|说完了)$/
const FILLER_CHINESE = /(?:嗯+|呃+|额+|唔+|那么|怎么说)$/

/** A digit as figure or as a word; "one" is so many other things that a word alone is no digit. */
const FIGURE = '[\\d一二两三四五六七八九零〇幺]'
const DIGIT_WORD = '(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)'
const DIGITS = `(?:${FIGURE}(?:[\\s,，.-]*${FIGURE})*|${DIGIT_WORD}(?:[\\s,-]+${DIGIT_WORD})+)`
const NUMBER_NAME =
  'number|phone|mobile|account|card|(?:zip|post)code|code|pin|passcode|password|号码?|電話|電話號碼|电话|手机|密码|账号|帐号|卡号|验证码|身份证'
/** Digits that are still being dictated: groups of a number, after what number it is. */
const DICTATING = new RegExp(
  `(${NUMBER_NAME})(?:(?!${FIGURE}|\\b${DIGIT_WORD}\\b).)*?(${DIGITS}(?:[\\s,，.-]*${DIGITS})*)$`,
)
/** Fewer digits make no number of that kind. */
const SHORTEST_NUMBER_DIGITS = 6
const SHORTEST_CODE_DIGITS = 4
const CODE_NAME = /code|pin|password|密码|验证码/

/** True when the text ends in the middle of a number that is being dictated. */
function isDictating(bare: string): boolean {
  const [, name = '', digits] = DICTATING.exec(bare) ?? []
  if (digits === undefined) return false
  const count = digits.match(new RegExp(`${FIGURE}|[a-z]+`, 'g'))?.length ?? 0
  return count < (CODE_NAME.test(name) ? SHORTEST_CODE_DIGITS : SHORTEST_NUMBER_DIGITS)
}

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
  if (isDictating(bare)) return { verdict: 'incomplete', reason: 'a number that is not finished' }
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
  if (SHORT_CHINESE.test(bare)) return { verdict: 'complete', reason: 'a short answer' }
  if (FILLER_CHINESE.test(bare)) return { verdict: 'incomplete', reason: 'ends on a filler' }
  const closing = CLOSING_CHINESE.exec(bare)?.[0]
  if (closing !== undefined) return { verdict: 'complete', reason: `ends on “${closing}”` }
  const open = OPEN_CHINESE.exec(bare)?.[0]
  if (open !== undefined) {
    // “我要红色的”: fine, where “我的” is not.
    const mayClose = bare.length >= 4 && MAY_CLOSE_CHINESE.test(open) && !OPEN_BEFORE_DE.test(bare)
    return mayClose
      ? { verdict: 'unsure', reason: `may end on “${open}”` }
      : { verdict: 'incomplete', reason: `ends on “${open}”` }
  }
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
