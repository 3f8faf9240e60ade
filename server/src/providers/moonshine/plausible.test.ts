import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plausibleText } from './plausible.ts'
import { SoundBuffer } from '../sound-buffer.ts'
import { tokensText } from './tokens.ts'

test('what people say stays as it is', () => {
  assert.equal(plausibleText(' Yes,  yes, yes. ', 1), 'Yes, yes, yes.')
  assert.equal(plausibleText('No.', 0.3), 'No.')
  const long = 'I would like to order two large pizzas and a bottle of water.'
  assert.equal(plausibleText(long, 3.2), long)
})

test('inventions of the model are dropped', () => {
  assert.equal(plausibleText('...', 2), '')
  assert.equal(plausibleText('Thank you very much for watching this video.', 0.4), '')
  assert.equal(plausibleText('So the the the the the the', 3), 'So the')
  assert.equal(
    plausibleText('I see. You know, you know, you know, you know,', 4),
    'I see. You know,',
  )
})

test('tokens are written as bytes with their number', () => {
  assert.equal(tokensText(['<unk>', '<0x0A>', '▁t']), 'PHVuaz4=\t0\nCg==\t1\n4paBdA==\t2\n')
})

test('a long sound is cut where it is quietest', () => {
  const sound = new SoundBuffer()
  const loud = new Int16Array(16_000).fill(3000)
  for (let second = 0; second < 10; second++) {
    sound.append(loud)
    if (second === 6) sound.append(new Int16Array(4800))
  }
  const cut = sound.quietestBetween(4 * 16_000, 9 * 16_000)
  assert.ok(cut > 7 * 16_000 && cut < 7 * 16_000 + 4800, `${cut}`)
  sound.dropTo(cut)
  assert.equal(sound.start, cut)
  assert.equal(sound.end, 10 * 16_000 + 4800)
  assert.equal(sound.copyTo(cut + 500).length, 500)
})
