import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutSegments, SEGMENT_LIMIT_CHARS } from './segments.ts'

/** Feeds the text in pieces of `size` and gives back every segment. */
function stream(text: string, size: number): string[] {
  const pieces: string[] = []
  let rest = ''
  for (let at = 0; at < text.length; at += size) {
    const cut = cutSegments(rest + text.slice(at, at + size), {
      isFirst: pieces.length === 0,
      isEnd: false,
    })
    pieces.push(...cut.pieces)
    rest = cut.rest
  }
  return [...pieces, ...cutSegments(rest, { isFirst: pieces.length === 0, isEnd: true }).pieces]
}

const texts: readonly [text: string, segments: readonly string[]][] = [
  ['Hello. How are you?', ['Hello. ', 'How are you?']],
  ['It costs 3.50 euros. Really!', ['It costs 3.50 euros. ', 'Really!']],
  ['Ask Dr. Smith, please. He knows.', ['Ask Dr. Smith, please. ', 'He knows.']],
  ['“Stop!” he said. Then… nothing.', ['“Stop!” ', 'he said. ', 'Then… ', 'nothing.']],
  ['你好。今天天气很好！是吗？', ['你好。', '今天天气很好！', '是吗？']],
  ['你好!今天天气很好?是的……然后呢', ['你好!', '今天天气很好?', '是的……', '然后呢']],
  [
    '如果你想知道得更多，就问我吧。好，再见。',
    ['如果你想知道得更多，', '就问我吧。', '好，再见。'],
  ],
  ['First line\nsecond line', ['First line\n', 'second line']],
  [
    'If you want to know more, just ask me. I am here.',
    ['If you want to know more, ', 'just ask me. ', 'I am here.'],
  ],
]

test('sentences are cut where they end, however the text arrives', () => {
  for (const [text, segments] of texts)
    for (const size of [1, 2, 3, 7, 1000])
      assert.deepEqual(stream(text, size), segments, `by ${size}`)
})

test('CharBreak: the first piece ends between words, in Chinese after some characters, or sooner', () => {
  const first = (text: string): string | undefined =>
    cutSegments(text, { isFirst: true, isEnd: false, breaksAnywhere: true }).pieces[0]
  assert.equal(first('A sentence without any end in sight'), 'A sentence without any end ')
  assert.equal(first('今天的天气非常好，我们可以一起出去'), '今天的天气非常好，')
  assert.equal(first('今天的天气非'), undefined)
  assert.equal(first('Yes. And then it goes on for a while'), 'Yes. ')
})

test('nothing is lost and nothing is too long', () => {
  const endless = 'word '.repeat(200) + 'x'.repeat(1000) + '😀'.repeat(300)
  for (const size of [1, 10, 5000]) {
    const pieces = stream(endless, size)
    assert.equal(pieces.join(''), endless)
    for (const piece of pieces) {
      assert.ok(piece.length <= SEGMENT_LIMIT_CHARS)
      assert.ok(!/[\ud800-\udbff]$/.test(piece), 'a character was cut in two')
    }
  }
})

test('punctuation alone is never a segment of its own in mid text', () => {
  assert.deepEqual(stream('Yes! ... ... Really.', 1), ['Yes! ', '... ... Really.'])
})
