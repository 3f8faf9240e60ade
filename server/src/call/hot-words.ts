import pinyin from 'tiny-pinyin'
import { isCommonWord } from './common-words.ts'
import { editDistance, phoneticKey, respelled } from './phonetic-key.ts'

/** A hot word that a recogniser may have written as up to so many words more than it has. */
const SPLIT_LIMIT_WORDS = 2
/** Shorter words sound like too many others. */
const LEAST_LETTERS = 4

const HAN_ONLY = /^\p{Script=Han}{2,}$/u
const WORD = /[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu

interface HotWord {
  readonly word: string
  readonly letters: string
  readonly respelled: string
}

interface Heard {
  readonly word: string
  readonly from: number
  readonly until: number
}

/**
 * Puts hot words in the place of words that sound like them, for recognisers that cannot favour words
 * themselves. English by a phonetic key and the distance in letters, Chinese by the sounds of the characters
 * without their tones. Common words stay, unless a hot word was merely written apart ("pay pal").
 */
export class HotWords {
  readonly #byKey = new Map<string, HotWord[]>()
  readonly #byLetters = new Map<string, HotWord>()
  /** By their sounds; and how many characters they have, the longest first. */
  readonly #chinese = new Map<string, string>()
  readonly #chineseLengths: readonly number[]
  readonly #mostWords: number

  constructor(words: readonly string[]) {
    let most = 0
    for (const word of words) {
      if (HAN_ONLY.test(word)) this.#chinese.set(soundsOf(word) ?? word, word)
      else if (/[a-z]/i.test(word)) {
        most = Math.max(most, word.trim().split(/\s+/).length)
        this.#add({ word, letters: letters(word), respelled: respelled(word) })
      }
    }
    this.#mostWords = most + SPLIT_LIMIT_WORDS
    const lengths = new Set([...this.#chinese.values()].map((word) => word.length))
    this.#chineseLengths = [...lengths].toSorted((one, other) => other - one)
  }

  correct(text: string): string {
    const english = this.#byLetters.size === 0 ? text : this.#correctEnglish(text)
    return this.#chinese.size === 0 ? english : this.#correctChinese(english)
  }

  #add(hot: HotWord): void {
    if (hot.letters.length < LEAST_LETTERS) return
    const key = phoneticKey(hot.letters)
    this.#byLetters.set(hot.letters, hot)
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), hot])
  }

  #correctEnglish(text: string): string {
    const words = [...text.matchAll(WORD)].map((match): Heard => ({
      word: match[0],
      from: match.index,
      until: match.index + match[0].length,
    }))
    let corrected = ''
    let done = 0
    for (let at = 0; at < words.length; at += 1) {
      const found = this.#longestMatch(text, words.slice(at, at + this.#mostWords))
      const [first, last] = [words[at], found && words[at + found.count - 1]]
      if (found === undefined || first === undefined || last === undefined) continue
      corrected += text.slice(done, first.from) + found.word + possessive(last.word, found.word)
      done = last.until
      at += found.count - 1
    }
    return corrected + text.slice(done)
  }

  /** The hot word that the most of these words, from the first on, sound like together. */
  #longestMatch(
    text: string,
    words: readonly Heard[],
  ): { readonly word: string; readonly count: number } | undefined {
    for (let count = words.length; count > 0; count -= 1) {
      const some = words.slice(0, count)
      const isOneStretch = some.every(
        (word, at) => at === 0 || /^[ \-–]?$/.test(text.slice(some[at - 1]?.until, word.from)),
      )
      const hot = isOneStretch ? this.#soundingLike(some) : undefined
      if (hot !== undefined) return { word: hot.word, count }
    }
    return undefined
  }

  #soundingLike(words: readonly Heard[]): HotWord | undefined {
    const heard = letters(words.map(({ word }) => word.replace(/['’]s$/i, '')).join(''))
    const same = this.#byLetters.get(heard)
    if (same !== undefined) return same
    if (words.every(({ word }) => isCommonWord(word))) return undefined
    return this.#byKey.get(phoneticKey(heard))?.find((hot) => {
      const most = Math.max(1, Math.floor(hot.letters.length / 3))
      return editDistance(respelled(heard), hot.respelled) <= most
    })
  }

  #correctChinese(text: string): string {
    const sounds = [...text].map((character) => ({ character, sound: soundOf(character) }))
    let corrected = ''
    for (let at = 0; at < sounds.length;) {
      const length = this.#chineseLengths.find((count) => this.#chineseAt(sounds, at, count) !== '')
      if (length === undefined) {
        corrected += sounds[at]?.character ?? ''
        at += 1
      } else {
        corrected += this.#chineseAt(sounds, at, length)
        at += length
      }
    }
    return corrected
  }

  /** The hot word that sounds like so many characters from there on; '' if none does. */
  #chineseAt(
    sounds: readonly { readonly character: string; readonly sound: string }[],
    at: number,
    length: number,
  ): string {
    const some = sounds.slice(at, at + length)
    if (some.length < length || some.some(({ sound }) => sound === '')) return ''
    const hotWord = this.#chinese.get(some.map(({ sound }) => sound).join(' '))
    const heard = some.map(({ character }) => character).join('')
    return hotWord !== undefined && isNear(heard, hotWord) ? hotWord : ''
  }
}

/** Two characters sound like many others: one of them must be right, and they must be no common word. */
const isNear = (heard: string, hotWord: string): boolean =>
  !isCommonWord(heard) &&
  (hotWord.length > 2 || [...heard].some((character, index) => character === hotWord[index]))

const possessive = (heard: string, hotWord: string): string =>
  /['’]s$/i.test(heard) && !/['’]s$/i.test(hotWord) ? heard.slice(-2) : ''

const letters = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')

/** Without tones; `undefined` where this machine's ICU cannot tell. */
function soundsOf(text: string): string | undefined {
  return pinyin.isSupported() ? pinyin.convertToPinyin(text, ' ', true) : undefined
}

const soundOf = (character: string): string =>
  /^\p{Script=Han}$/u.test(character) ? (soundsOf(character) ?? '') : ''
