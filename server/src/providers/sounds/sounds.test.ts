import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { silentLog } from '../../base/log.ts'
import type { Outbound } from '../../base/outbound.ts'
import { fail, ok } from '../../base/result.ts'
import { AMBIENT_RMS, makeAmbience } from '../../media/ambience.ts'
import { writeWav } from '../../media/wav.ts'
import { memoryAmbientStore } from '../../store/memory-ambient.ts'
import { decodeSound } from './decode.ts'
import { createSounds } from './sounds.ts'
import { startSoundThread } from './sound-thread.ts'

const thread = startSoundThread(silentLog)
after(() => thread.close())

const file = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../test/audio/${name}`, import.meta.url))

const crossings = (sound: Int16Array): number =>
  sound.reduce(
    (count, sample, index) => count + (sample > 0 && (sound[index - 1] ?? 0) <= 0 ? 1 : 0),
    0,
  )

test('WAV and MP3 files become the same sound at 24 kHz', async () => {
  for (const name of ['tone_1khz_1s.wav', 'tone_1khz_1s.mp3']) {
    const sound = await thread.decode(file(name))
    assert.ok(sound.ok, sound.ok ? '' : sound.error)
    assert.ok(Math.abs(sound.value.length - 24_000) < 2500, `${name}: ${sound.value.length}`)
    const middle = sound.value.subarray(6000, 18_000)
    assert.ok(
      Math.abs(crossings(middle) - 500) <= 1,
      `${name}: ${crossings(middle)} waves in 0.5 s`,
    )
    const peak = middle.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
    assert.ok(peak > 3000, `${name}: peak ${peak}`)
  }
})

test('what is no sound is refused in words', async () => {
  const wrong = async (bytes: Uint8Array): Promise<string> => {
    const sound = await decodeSound(bytes)
    return sound.ok ? 'was read' : sound.error
  }
  assert.match(await wrong(Buffer.from('<html>')), /neither a WAV nor an MP3/)
  assert.match(await wrong(Buffer.from('ID3 and nothing more')), /no sound in this file/)
  const empty = writeWav({ sampleRateHz: 16_000, samples: new Int16Array(0) })
  assert.match(await wrong(empty), /no sound in this file/)
  const odd = writeWav({ sampleRateHz: 12_345, samples: new Int16Array(10) })
  assert.match(await wrong(odd), /12345 Hz is no usual sample rate/)
  const long = writeWav({ sampleRateHz: 8000, samples: new Int16Array(8000 * 601) })
  assert.match(await wrong(long), /longer than 600 s/)
})

test('a built-in background comes from the thread as it is made', async () => {
  const sound = await thread.ambience('public_park')
  assert.ok(sound.ok)
  assert.deepEqual(sound.value, makeAmbience('public_park'))
  const rms = Math.sqrt(
    sound.value.reduce((sum, sample) => sum + sample * sample, 0) / sound.value.length,
  )
  assert.ok(Math.abs(rms / AMBIENT_RMS - 1) < 0.05, `RMS ${rms}`)
})

test('a sound is fetched within limits; what does not work out is said in words', async () => {
  const answers: Record<string, () => Awaited<ReturnType<Outbound['request']>>> = {
    '/tone': () => ok({ status: 200, headers: {}, body: file('tone_1khz_1s.wav') }),
    '/gone': () => ok({ status: 404, headers: {}, body: new Uint8Array() }),
    '/page': () => ok({ status: 200, headers: {}, body: Buffer.from('<html>') }),
    '/home': () => fail({ code: 'refused', message: '10.0.0.1 is a private address' }),
  }
  const sounds = createSounds({
    outbound: {
      request: ({ url, limitBytes, timeoutMs }) => {
        assert.ok(limitBytes <= 10_000_000 && timeoutMs <= 10_000)
        return Promise.resolve(answers[new URL(url).pathname]?.() ?? assert.fail(url))
      },
    },
    thread,
    store: memoryAmbientStore(),
  })
  const of = async (path: string): Promise<string> => {
    const sound = await sounds.fetch(`http://sounds.example${path}`)
    return sound.ok ? `${sound.value.length} samples` : sound.error
  }
  assert.equal(await of('/tone'), '24000 samples')
  assert.equal(await of('/gone'), 'sounds.example answered with HTTP status 404')
  assert.match(await of('/page'), /neither a WAV nor an MP3/)
  assert.equal(await of('/home'), '10.0.0.1 is a private address')
})

test('a background is made once and shared; an own one is only its agent’s', async () => {
  const store = memoryAmbientStore()
  let asked = 0
  const counting = { ...thread, ambience: () => ((asked += 1), thread.ambience('public_park')) }
  const outbound = { request: () => assert.fail('no request is due') }
  const sounds = createSounds({ outbound, thread: counting, store })
  const [one, two] = await Promise.all([
    sounds.ambient('a', 'public_park'),
    sounds.ambient('b', 'public_park'),
  ])
  assert.ok(one.ok && two.ok && one.value === two.value)
  assert.equal(asked, 1)
  assert.ok(!(await sounds.ambient('a', 'own')).ok)
  const record = { resourceId: 'own', agentId: 'a', name: '', format: 'WAV' as const }
  const figures = { sizeBytes: 1, durationMs: 1000, createdMs: 1 }
  await store.put({ ...record, ...figures }, file('tone_1khz_1s.wav'))
  assert.ok((await sounds.ambient('a', 'own')).ok, 'uploaded after a call had asked for it in vain')
  assert.ok(!(await sounds.ambient('b', 'own')).ok)
})
