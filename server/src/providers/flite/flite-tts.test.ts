import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { silentLog } from '../../base/log.ts'
import { systemClock } from '../../base/system-clock.ts'
import { machinePump, until } from '../../ports/pump.contract.ts'
import { durationMs, isSpoken, speak, ttsContract } from '../../ports/tts.contract.ts'
import { FliteTts } from './flite-tts.ts'
import { parsePhones, soundSpan, wordMarks } from './marks.ts'
import { piecesOf, spokenText } from './spoken-text.ts'

const flite = new FliteTts({ clock: systemClock, log: silentLog })
const loaded = await flite.load()
after(() => flite.close())

ttsContract({ name: 'flite', provider: () => flite, pump: machinePump })

test('flite: the voices load', () => {
  assert.deepEqual(loaded, { ok: true, value: undefined })
})

test('flite: the first sentence sounds before the last is made', async () => {
  const text =
    'This is the first sentence. This is the second one. And here is the third, the last.'
  const spoken = speak(flite, text)
  await until(machinePump, () => isSpoken(spoken), 'the end')
  assert.equal(spoken.pieces.length, 3)
  assert.ok(spoken.order.indexOf('mark') < spoken.order.lastIndexOf('audio'))
  assert.equal(spoken.marks.at(-1)?.chars, text.length)
})

test('flite: sound begins at once, and said again it comes from the cache', async () => {
  const first = speak(flite, 'Nobody has said this before.')
  await until(machinePump, () => isSpoken(first), 'the end')
  const [piece] = first.pieces
  assert.ok(piece !== undefined)
  const loud = piece.pcm.findIndex((sample) => Math.abs(sample) > 500)
  assert.ok((loud * 1000) / piece.sampleRateHz < 100, `${loud} samples of silence`)
  piece.pcm.fill(0)
  const again = speak(flite, 'Nobody has said this before.')
  await new Promise<void>((resolve) => void systemClock.after(0, resolve))
  assert.ok(isSpoken(again), 'at once')
  assert.ok(
    again.pieces[0]?.pcm.some((sample) => sample !== 0),
    'what was given out is not shared',
  )
})

test('flite: a long speech of one does not keep another waiting', async () => {
  const sentences = Array.from({ length: 12 }, (_, index) => `Sentence ${index} takes its time.`)
  const long = speak(flite, sentences.join(' '))
  const short = speak(flite, 'A word in between.')
  await until(machinePump, () => isSpoken(short), 'the short one')
  assert.ok(!isSpoken(long))
  long.stream.cancel()
})

test('flite: every voice speaks', async () => {
  for (const voiceId of flite.voices) {
    const spoken = speak(flite, 'Good morning.', { voiceId })
    await until(machinePump, () => isSpoken(spoken), voiceId)
    assert.ok(durationMs(spoken) > 400, voiceId)
  }
})

test('what is read aloud has no markdown, emoji or signs', () => {
  assert.equal(spokenText('**Bold** and `code` 😀'), 'Bold and code')
  assert.equal(spokenText('See [the page](https://a.example/b).'), 'See the page.')
  assert.equal(spokenText('12 × 7 = 84, 50% of 1,200'), '12 times 7 equals 84, 50 percent of 1200')
  assert.equal(
    spokenText('Café “naïve” – it’s −5 °C'),
    'Cafe "naive", it\'s minus 5 degrees Celsius',
  )
  assert.equal(spokenText('你好 😀 …'), '.')
})

test('a text is cut into sentences, long ones into clauses, and nothing is lost', () => {
  const long = `When the morning came, ${'and nobody knew why it had come so early, '.repeat(4)}we left.`
  const text = `Hello there. 😀 How are you?\n* One\n* Two\n${long}`
  const pieces = piecesOf(text)
  assert.deepEqual(
    pieces.slice(0, 4).map(({ spoken }) => spoken),
    ['Hello there.', 'How are you?', 'One', 'Two'],
  )
  assert.ok(pieces.length > 6)
  assert.equal(pieces.at(-1)?.end, text.length)
  assert.deepEqual(piecesOf('... 😀'), [])
  assert.ok(piecesOf('x'.repeat(2000)).every(({ spoken }) => spoken.length < 250))
})

test('words share the phones by their letters', () => {
  const phones = parsePhones('pau:0.200 a:0.300 b:0.400 pau:0.500 c:0.600 d:0.700 pau:0.900 \n')
  assert.deepEqual(soundSpan(phones, 900), [200, 700])
  assert.deepEqual(wordMarks('ab, cd.', phones, 180), [
    { chars: 3, atMs: 220 },
    { chars: 7, atMs: 520 },
  ])
})
