export interface Phone {
  readonly name: string
  readonly endMs: number
}

export interface Mark {
  readonly chars: number
  readonly atMs: number
}

/** How Flite calls a pause. */
const PAUSE = 'pau'

/** `pau:0.164 hh:0.255 …`, end times in seconds, as Flite prints them. */
export function parsePhones(printed: string): Phone[] {
  return [...printed.matchAll(/(\S+):(\d+\.\d+)/g)].map(([, name = '', seconds]) => ({
    name,
    endMs: Number(seconds) * 1000,
  }))
}

/** Where the first sound begins and the last one ends. */
export function soundSpan(phones: readonly Phone[], lengthMs: number): readonly [number, number] {
  const first = phones.findIndex(({ name }) => name !== PAUSE)
  if (first === -1) return [0, lengthMs]
  const startMs = first === 0 ? 0 : (phones[first - 1]?.endMs ?? 0)
  return [startMs, phones.findLast(({ name }) => name !== PAUSE)?.endMs ?? lengthMs]
}

/**
 * When each word of `text` has been spoken: words share the phones by their letters, which is near enough
 * to say what a listener has heard.
 */
export function wordMarks(text: string, phones: readonly Phone[], startMs: number): Mark[] {
  const voiced = phones.filter(({ name }) => name !== PAUSE)
  const words = [...text.matchAll(/\S+/g)]
  const total = words.reduce((sum, [word]) => sum + word.length, 0)
  const marks: Mark[] = []
  let letters = 0
  for (const word of words) {
    letters += word[0].length
    const phone = voiced[Math.ceil((letters / total) * voiced.length) - 1]
    if (phone === undefined) continue
    marks.push({ chars: word.index + word[0].length, atMs: Math.max(0, phone.endMs - startMs) })
  }
  return marks
}
