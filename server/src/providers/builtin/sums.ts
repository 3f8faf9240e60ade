import { readNumber, type ReadNumber } from './numbers.ts'

type Operator = 'plus' | 'minus' | 'times' | 'divided by' | 'to the power of'

/** How people, and recognisers, write operators. */
const SPELLINGS: readonly (readonly [what: RegExp, instead: string])[] = [
  [/(\d),(?=\d{3}\b)/g, '$1'],
  [/\b(?:added to|add)\b|\+/g, ' plus '],
  [/\b(?:multiplied by|multiplied with|time)\b|[×*]|(?<=\d)\s*x\s*(?=\d)/g, ' times '],
  [/\b(?:divided by|divided|over|divide by)\b|[÷/]/g, ' dividedby '],
  [/\b(?:subtracted by|take away|less)\b|−|(?<=\d)\s*-\s*(?=\d)/g, ' minus '],
  [/\b(?:to the power of|raised to)\b|\^/g, ' power '],
  [/\bsquared\b/g, ' power 2 '],
  [/\bcubed\b/g, ' power 3 '],
  [/(?:\bper cent|\bpercent|%)\s*of\b/g, ' percentof '],
  [/\bhalf of\b/g, ' 0.5 times '],
  [/\bfrom\b/g, ' outof '],
  [/(?<=\d)\.(?=\s|$)|[?!,;:"'=]|(?<!\d)\.|(?<=[a-z])-(?=[a-z])/g, ' '],
]
const OPERATORS: Readonly<Record<string, Operator>> = {
  plus: 'plus',
  minus: 'minus',
  times: 'times',
  dividedby: 'divided by',
  power: 'to the power of',
}
/** What numbers are taken for when only heard. */
const MISHEARD: Readonly<Record<string, string>> = {
  to: 'two',
  too: 'two',
  for: 'four',
  ate: 'eight',
  won: 'one',
  tree: 'three',
  sex: 'six',
}

/** The answer to the sum in a sentence, or `undefined` when there is none. */
export function answerSum(sentence: string): string | undefined {
  const words = wordsOf(sentence)
  return answerRoot(words) ?? answerPercent(words) ?? answerCommand(words) ?? answerChain(words)
}

function wordsOf(sentence: string): string[] {
  let text = sentence.toLowerCase()
  for (const [what, instead] of SPELLINGS) text = text.replaceAll(what, instead)
  const words = text.split(/\s+/).filter((word) => word !== '')
  return words.map((word, index) => {
    const isBesideOperator =
      Object.hasOwn(OPERATORS, words[index - 1] ?? '') ||
      Object.hasOwn(OPERATORS, words[index + 1] ?? '')
    return isBesideOperator ? (MISHEARD[word] ?? word) : word
  })
}

function answerRoot(words: readonly string[]): string | undefined {
  const at = words.indexOf('root')
  if (at < 1 || words[at - 1] !== 'square') return undefined
  const number = readNumber(words, words[at + 1] === 'of' ? at + 2 : at + 1)
  if (number === undefined) return undefined
  if (number.value < 0) return 'A negative number has no real square root.'
  return `The square root of ${show(number.value)} is ${show(Math.sqrt(number.value))}.`
}

function answerPercent(words: readonly string[]): string | undefined {
  for (let at = 0; at < words.length; at++) {
    const share = readNumber(words, at)
    if (share === undefined || words[share.next] !== 'percentof') continue
    const whole = readNumber(words, share.next + 1)
    if (whole === undefined) return undefined
    const value = (share.value * whole.value) / 100
    return `${show(share.value)} percent of ${show(whole.value)} is ${show(value)}.`
  }
  return undefined
}

/** "Multiply 3 by 4", "the sum of 3 and 4", "subtract 3 from 4". */
const COMMANDS: readonly (readonly [word: string, joint: string, operator: Operator])[] = [
  ['plus', 'and', 'plus'],
  ['plus', 'two', 'plus'],
  ['sum', 'and', 'plus'],
  ['multiply', 'by', 'times'],
  ['multiply', 'and', 'times'],
  ['product', 'and', 'times'],
  ['divide', 'by', 'divided by'],
  ['subtract', 'outof', 'minus'],
  ['difference', 'and', 'minus'],
]

function answerCommand(words: readonly string[]): string | undefined {
  for (const [command, joint, operator] of COMMANDS) {
    const at = words.indexOf(command)
    if (at === -1) continue
    const first = ['of', 'between'].includes(words[at + 1] ?? '') ? at + 2 : at + 1
    const left = readNumber(words, first)
    if (left === undefined || words[left.next] !== joint) continue
    const right = readNumber(words, left.next + 1)
    if (right === undefined) continue
    return command === 'subtract'
      ? answer([right.value, left.value], [operator])
      : answer([left.value, right.value], [operator])
  }
  return undefined
}

/** "2 plus 3 times 4", anywhere in the sentence. */
function answerChain(words: readonly string[]): string | undefined {
  for (let from = 0; from < words.length; from++) {
    const first = readNumber(words, from)
    if (first === undefined) continue
    const numbers = [first.value]
    const operators: Operator[] = []
    let next = first.next
    for (;;) {
      const operator = OPERATORS[words[next] ?? '']
      const following: ReadNumber | undefined = readNumber(words, next + 1)
      if (operator === undefined || following === undefined) break
      operators.push(operator)
      numbers.push(following.value)
      next = following.next
    }
    if (operators.length > 0) return answer(numbers, operators)
    from = next - 1
  }
  return undefined
}

function answer(numbers: readonly number[], operators: readonly Operator[]): string {
  const shown = numbers.map((number, index) => [operators[index - 1], show(number)])
  const question = shown.flat().filter(Boolean).join(' ')
  const value = evaluate([...numbers], [...operators])
  if (Number.isNaN(value) || !Number.isFinite(value)) {
    const byZero = operators.some(
      (operator, index) => operator === 'divided by' && numbers[index + 1] === 0,
    )
    return byZero ? 'Nothing can be divided by zero.' : 'That number is too large for me.'
  }
  return `${question} is ${show(value)}.`
}

function evaluate(numbers: number[], operators: Operator[]): number {
  const ranks: readonly (readonly Operator[])[] = [
    ['to the power of'],
    ['times', 'divided by'],
    ['plus', 'minus'],
  ]
  for (const rank of ranks) {
    for (let index = 0; index < operators.length;) {
      const operator = operators[index]
      if (operator === undefined || !rank.includes(operator)) {
        index += 1
        continue
      }
      const value = apply(operator, numbers[index] ?? 0, numbers[index + 1] ?? 0)
      numbers.splice(index, 2, value)
      operators.splice(index, 1)
    }
  }
  return numbers[0] ?? Number.NaN
}

function apply(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case 'plus':
      return left + right
    case 'minus':
      return left - right
    case 'times':
      return left * right
    case 'divided by':
      return left / right
    case 'to the power of':
      return left ** right
  }
}

/** At most four decimals, and no rounding dust. */
function show(value: number): string {
  const rounded = Number(value.toFixed(4))
  const text = Math.abs(rounded) < 1e15 ? String(rounded) : rounded.toPrecision(6)
  return text.startsWith('-') ? `minus ${text.slice(1)}` : text
}
