import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { framesOf, readWav } from '../../../test/audio/read-wav.ts'
import { silentLog } from '../../base/log.ts'
import { systemClock } from '../../base/system-clock.ts'
import { asrContract } from '../../ports/asr.contract.ts'
import { machinePump, until } from '../../ports/pump.contract.ts'
import { moonshineAsr } from './moonshine-asr.ts'

const cacheFolder = mkdtempSync(join(tmpdir(), 'antiphon-moonshine-'))
const moonshine = moonshineAsr({
  clock: systemClock,
  log: silentLog,
  model: 'tiny',
  cacheFolder,
})
const loaded = await moonshine.load()
after(() => {
  moonshine.close()
  rmSync(cacheFolder, { recursive: true })
})

asrContract({
  name: 'moonshine',
  provider: () => moonshine,
  pump: machinePump,
  speech: framesOf(readWav('en_06')),
  word: 'lights',
})

interface Hearing {
  readonly text: string
  readonly partials: readonly string[]
}

async function hear(sound: Int16Array, isPaced = false): Promise<Hearing> {
  const partials: string[] = []
  let text: string | undefined
  const stream = moonshine.open(
    { languageId: 'en', hotWords: [], customParams: '' },
    {
      onPartial: (partial) => partials.push(partial),
      onFinal: (final) => (text = final),
      onError: (error) => assert.fail(error.message),
    },
  )
  for (const [index, frame] of framesOf(sound).entries()) {
    stream.write(frame)
    if (isPaced && index % 35 === 34) await until(machinePump, () => moonshine.isIdle, 'a partial')
  }
  stream.flush(1)
  await until(machinePump, () => text !== undefined, 'the final')
  stream.close()
  return { text: text ?? '', partials }
}

const words = (text: string): string[] => text.toLowerCase().match(/[a-z']+/g) ?? []

test('moonshine: the model loads', () => {
  assert.deepEqual(loaded, { ok: true, value: undefined })
})

test('moonshine: sentences are understood but for a word or so', async () => {
  const said = {
    en_01: 'hello can you hear me clearly',
    en_02: 'please cancel my appointment on friday afternoon',
    en_05: 'stop wait a moment that is not what i asked',
    en_09: 'how much does the premium subscription cost per month',
  }
  for (const [file, text] of Object.entries(said)) {
    const heard = await hear(readWav(file))
    const missing = words(text).filter((word) => !words(heard.text).includes(word))
    assert.ok(missing.length <= 1, `${file}: ${heard.text}`)
  }
})

test('moonshine: partial transcripts come while the user speaks', async () => {
  const { partials, text } = await hear(readWav('en_pause_700ms'), true)
  assert.ok(partials.length >= 4)
  assert.match(partials[0] ?? '', /^I/)
  assert.match(text, /pizza/)
})

test('moonshine: silence, noise and a tone give no text', async () => {
  for (const file of ['silence_2s', 'noise_pink_3s', 'tone_1khz_1s'])
    assert.equal((await hear(readWav(file))).text, '', file)
})

test('moonshine: a sentence of half a minute loses nothing', async () => {
  const files = ['en_02', 'en_09', 'en_05', 'en_06', 'en_01', 'en_02', 'en_09', 'en_06']
  const sound = Int16Array.from(files.flatMap((file) => [...readWav(file)]))
  const { text } = await hear(sound)
  const counts = ['appointment', 'premium', 'lights', 'month', 'friday'].map(
    (word) => words(text).filter((heard) => heard === word).length,
  )
  assert.deepEqual(counts, [2, 2, 2, 2, 2], text)
  assert.match(text, /hear me clearly/)
})

test('moonshine: a flush of one stream does not wait for the partials of the others', async () => {
  const order: string[] = []
  const open = (name: string) =>
    moonshine.open(
      { languageId: 'en', hotWords: [], customParams: '' },
      {
        onPartial: () => order.push(`${name} partial`),
        onFinal: () => order.push(`${name} final`),
        onError: (error) => assert.fail(error.message),
      },
    )
  const others = ['a', 'b', 'c'].map(open)
  for (const stream of others) for (const frame of framesOf(readWav('en_02'))) stream.write(frame)
  const urgent = open('urgent')
  for (const frame of framesOf(readWav('en_01'))) urgent.write(frame)
  urgent.flush(1)
  await until(machinePump, () => order.length >= 4, 'all of them')
  assert.ok(order.indexOf('urgent final') <= 1, order.join(', '))
  for (const stream of [...others, urgent]) stream.close()
})
