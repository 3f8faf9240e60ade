/** Calls as they are in life: noise, coughs, "mhm", silence; and what the agent plays besides its voice. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { AMBIENT_RMS } from '../../src/media/ambience.ts'
import { readWav } from '../../src/media/wav.ts'
import { startAntiphon, until, type Antiphon } from './antiphon-process.ts'
import { ApiCaller, type HeldCall } from './api-caller.ts'
import { joined, openUserVoice, type UserVoice } from './flite-speech.ts'
import { hum } from './hum.ts'
import { sound, type SocketCaller } from './socket-caller.ts'

const GREETING =
  'Thank you for calling the northern harbour office, where ships are counted every morning.'
const FRAME_MS = 20
/** Louder than this is the agent's voice. */
const VOICE_RMS = 150

let server: Antiphon
let api: ApiCaller
let voice: UserVoice
let files: Server
let filesOrigin: string

before(async () => {
  files = createServer((request, response) => {
    const name = request.url?.slice(1) ?? ''
    if (name === 'tone_1khz_1s.mp3') {
      response.end(readFileSync(new URL(`../audio/${name}`, import.meta.url)))
    } else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
  filesOrigin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`
  voice = await openUserVoice()
  server = await startAntiphon({ env: { ANTIPHON_OUTBOUND_PRIVATE: '127.0.0.1' } })
  api = new ApiCaller(server)
})
after(async () => {
  voice.close()
  files.close()
  await server.end()
})

async function call(agentConfig: object): Promise<HeldCall> {
  return api.startCall(await api.makeAgent(agentConfig))
}

const rmsOf = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length))

/** How long the agent was heard since then, in ms. */
const voicedMs = (caller: SocketCaller, sinceMs = 0): number =>
  caller.heard.filter(({ atMs, frame }) => atMs >= sinceMs && rmsOf(frame) > VOICE_RMS).length *
  FRAME_MS

const isListening = (caller: SocketCaller): boolean => caller.of(1001).at(-1)?.data['state'] === 1

const begun = (caller: SocketCaller): Promise<void> => until(() => voicedMs(caller) > 800)

async function finished({ caller }: HeldCall): Promise<void> {
  await until(() => caller.of(1002).some(({ data }) => data['end'] === true))
  await until(() => isListening(caller))
}

async function hangUp({ instanceId, caller }: HeldCall): Promise<void> {
  await api.stop(instanceId)
  caller.close()
}

/** A short harsh noise, like a cough: two bursts that die away. */
function cough(): Int16Array {
  const noise = sound('noise_pink_3s.wav')
  const loudness = rmsOf(noise)
  const burst = (ms: number): Int16Array =>
    noise
      .slice(0, ms * 16)
      .map((sample, index, all) => ((sample * 6000) / loudness) * (1 - index / all.length))
  return joined([burst(220), new Int16Array(1200), burst(160)])
}

/** Pink noise of so many ms at so many dB below speech. */
function noise(ms: number, dB: number): Int16Array {
  const speech = rmsOf(sound('en_03.wav').filter((sample) => sample !== 0))
  const pink = sound('noise_pink_3s.wav')
  const gain = (speech / rmsOf(pink)) * 10 ** (-dB / 20)
  return pink.slice(0, ms * 16).map((sample) => Math.max(-32_000, Math.min(32_000, sample * gain)))
}

void suite('with real audio', { concurrency: 3 }, () => {
  let undisturbedMs: Promise<number> | undefined
  /** How long the greeting takes when nobody disturbs it. */
  const greetingMs = (): Promise<number> => {
    undisturbedMs ??= (async () => {
      const held = await call({ Greeting: GREETING })
      await begun(held.caller)
      await finished(held)
      const ms = voicedMs(held.caller)
      await hangUp(held)
      return ms
    })()
    return undisturbedMs
  }

  for (const [name, disturb] of [
    ['a cough', () => Promise.resolve(cough())],
    ['a burst of noise', () => Promise.resolve(noise(700, 0))],
    ['a hummed “mhm”', () => Promise.resolve(hum())],
    ['“uh-huh”', () => voice.say('Uh huh.')],
  ] as const) {
    void test(`${name} during the answer: the agent goes on, and is heard whole`, async () => {
      const held = await call({ Greeting: GREETING })
      await begun(held.caller)
      await held.caller.play(await disturb())
      await finished(held)
      assert.deepEqual(held.caller.of(1016), [], 'interrupted')
      const [heardMs, wholeMs] = [voicedMs(held.caller), await greetingMs()]
      assert.ok(heardMs > wholeMs - 150, `${heardMs} ms heard of ${wholeMs}`)
      assert.equal([...held.caller.answered().values()].join('').trim(), GREETING)
      assert.deepEqual(held.caller.said(), [])
      await hangUp(held)
    })
  }

  void test('“stop” is an interrupt word: it stops an agent that is not to be interrupted', async () => {
    const held = await call({
      Greeting: GREETING,
      InterruptConfig: { EnableVoiceInterrupt: false, InterruptWords: ['stop'] },
    })
    await begun(held.caller)
    await held.caller.play(await voice.say('Stop.'))
    await until(() => held.caller.of(1016).length > 0)
    assert.deepEqual(held.caller.of(1016)[0]?.data, { reason: 1 })
    const stoppedMs = performance.now()
    await new Promise((resolve) => void setTimeout(resolve, 1500))
    assert.ok(voicedMs(held.caller, stoppedMs + 200) < 100, 'it went on')
    assert.ok(voicedMs(held.caller) < (await greetingMs()) - 500, 'it had said it all')
    await hangUp(held)
  })

  void test('a hole in a sentence is no end of the turn', async () => {
    const held = await call({ AsrConfig: { AsrMaxSilence: 1200 } })
    const { caller } = held
    await caller.play(sound('en_pause_700ms.wav'))
    await until(() => caller.answered().size > 0)
    const turns = new Set(caller.of(1003).map(({ data }) => data['sentenceId']))
    assert.deepEqual([...turns], [1], JSON.stringify(caller.said()))
    assert.deepEqual([...caller.answered().keys()], [1])
    assert.match(caller.said().at(-1)?.toLowerCase() ?? '', /order.*pizza.*water/)
    await hangUp(held)
  })

  void test('a back-channel is heard, softly, while the user speaks', async () => {
    const rule = { Enabled: true, Probability: 1, Words: [{ Text: 'uh-huh', Probability: 1 }] }
    const held = await call({
      AsrConfig: { AsrMaxSilence: 1200 },
      BackChannelingConfigs: [{ TriggerStage: 'pause_detected', ...rule }],
    })
    const { caller } = held
    const fromMs = performance.now()
    const first = sound('en_01.wav').subarray(0.4 * 16_000, 2.7 * 16_000)
    // A pause of two thirds of a second, far from the end of the turn.
    const second = sound('en_05.wav').subarray(0.4 * 16_000)
    await caller.play(joined([first, new Int16Array(8000), second]))
    const softMs = voicedMs(caller, fromMs)
    assert.ok(softMs > 100 && softMs < 1500, `${softMs} ms of “uh-huh” under the user’s speech`)
    assert.deepEqual(
      caller.of(1001).filter(({ data }) => data['state'] === 3),
      [],
      'it changed the state',
    )
    assert.equal(caller.answered().size, 0, 'it has a subtitle')
    await until(() => caller.answered().size > 0)
    assert.deepEqual([...caller.answered().keys()], [1], 'it ended the turn')
    await hangUp(held)
  })

  void test('noise at 10 and 0 dB is no turn; speech in noise is one', async () => {
    const held = await call({})
    const { caller } = held
    await caller.play(joined([noise(2000, 10), noise(2000, 0), new Int16Array(16_000)]))
    assert.deepEqual(caller.said(), [])
    await caller.play(sound('en_03_pink_10db.wav'))
    await until(() => caller.said().length > 0)
    await until(() => caller.answered().size > 0)
    // The built-in responder would go on for long.
    caller.send(1101)
    await until(() => isListening(caller))
    await caller.play(sound('en_03_pink_0db.wav'))
    await new Promise((resolve) => void setTimeout(resolve, 2500))
    const turns = new Set(caller.of(1003).map(({ data }) => data['sentenceId'])).size
    assert.ok(turns === 1 || turns === 2, JSON.stringify(caller.said()))
    assert.match(caller.said()[0]?.toLowerCase() ?? '', /order two large pizzas/)
    await hangUp(held)
  })

  void test('a silent user is asked after the time that is set', async () => {
    const held = await call({
      Greeting: 'Hello.',
      AutoSpeechConfig: {
        UserIdle: {
          WaitTime: 5000,
          MaxRepeats: 1,
          Messages: [{ Text: 'Are you still there?', Probability: 1 }],
        },
      },
    })
    const { caller } = held
    await finished(held)
    const silentMs = caller.of(1001).at(-1)?.atMs ?? 0
    await until(() => voicedMs(caller, silentMs + 500) > 100, 8000)
    const first = caller.heard.find(
      ({ atMs, frame }) => atMs > silentMs + 500 && rmsOf(frame) > VOICE_RMS,
    )
    const waitedMs = (first?.atMs ?? 0) - silentMs
    assert.ok(waitedMs > 4800 && waitedMs < 6200, `${waitedMs} ms`)
    assert.equal([...caller.answered().values()].at(-1)?.trim(), 'Are you still there?')
    await hangUp(held)
  })

  void test('the background is there at its level, whoever speaks', async () => {
    const wav = readFileSync(new URL('../audio/tone_1khz_1s.wav', import.meta.url))
    const agentId = await api.makeAgent({})
    const uploaded = await api.vendor.call(
      'UploadAmbientSound',
      { AIAgentId: agentId, Content: wav.toString('base64') },
      '2026-11-01',
    )
    const own = String(uploaded['ResourceId'])
    const tone = rmsOf(sound('tone_1khz_1s.wav'))
    const levels: readonly (readonly [object, number])[] = [
      [{ ResourceId: 'public_park', Volume: 100 }, AMBIENT_RMS],
      [{ ResourceId: 'public_customer_service', Volume: 50 }, AMBIENT_RMS / 2],
      [{ ResourceId: own, Volume: 20 }, tone / 5],
    ]
    const held = await api.startCall(agentId)
    for (const [AmbientSoundConfig, expected] of levels) {
      await api.vendor.call('UpdateAIAgentInstance', {
        InstanceId: held.instanceId,
        AgentConfig: { AmbientSoundConfig },
      })
      await until(() => rmsOf(held.caller.heard.at(-1)?.frame ?? new Int16Array(1)) > 0, 15_000)
      await new Promise((resolve) => void setTimeout(resolve, 2500))
      const fromMs = performance.now()
      await new Promise((resolve) => void setTimeout(resolve, 2500))
      const frames = held.caller.heard.filter(({ atMs }) => atMs > fromMs)
      const level = rmsOf(joined(frames.map(({ frame }) => frame)))
      const label = JSON.stringify(AmbientSoundConfig)
      assert.ok(
        level > expected * 0.6 && level < expected * 1.6,
        `${label}: ${level}, not ${expected}`,
      )
      assert.ok(
        frames.every(({ frame }) => rmsOf(frame) > 0),
        `${label}: a gap`,
      )
    }
    await hangUp(held)
  })

  void test('sounds are fetched and played before the greeting and in between; a missing one is an error', async () => {
    const url = `${filesOrigin}/tone_1khz_1s.mp3`
    const held = await call({ PreConnectAudioUrl: url, Greeting: 'Hello there.' })
    const { caller } = held
    await finished(held)
    const first = caller.heard.findIndex(({ frame }) => rmsOf(frame) > VOICE_RMS)
    const opening = joined(caller.heard.slice(first + 5, first + 40).map(({ frame }) => frame))
    assert.equal(waves(opening), 700, '1 kHz for 0.7 s')
    const fromMs = performance.now()
    const speech = { InstanceId: held.instanceId, Type: 'AudioUrl' }
    await api.vendor.call('SendAIAgentSpeech', { ...speech, Text: url })
    await until(() => voicedMs(caller, fromMs) > 900)
    for (const [Text, reason] of [
      [`${filesOrigin}/nothing.wav`, /404/],
      ['http://10.0.0.1/x.wav', /10\.0\.0\.1 is a private/],
    ] as const) {
      await assert.rejects(api.vendor.call('SendAIAgentSpeech', { ...speech, Text }), reason)
    }
    await until(() => isListening(caller))
    await hangUp(held)
    const log = await api.log(held.instanceId)
    assert.deepEqual(
      log.dialog.map(({ text }) => text),
      [url, 'Hello there.', url],
    )
  })

  void test('two questions are two turns; both sides are recorded on the time of the log', async () => {
    const held = await call({ Greeting: 'Hello.', antiphon: { Recording: 'Both' } })
    const { caller } = held
    await finished(held)
    await caller.play(sound('en_two_turns.wav'))
    await until(() => caller.said().length >= 2)
    await until(() => isListening(caller) && caller.answered().size >= 3, 40_000)
    await hangUp(held)
    await until(async () => (await api.status(held.instanceId)) === 'Finished')
    const described = await api.vendor.call('DescribeAIAgentInstance', {
      InstanceId: held.instanceId,
    })
    const { Recordings } = (described['Instance'] as { antiphon: { Recordings: Recorded[] } })
      .antiphon
    const sentences = Recordings.filter(({ Kind }) => Kind === 'sentence')
    assert.equal(sentences.filter(({ Role }) => Role === 'user').length, 2)
    assert.equal(sentences.filter(({ Role }) => Role === 'agent').length, 3)
    const whole = Recordings.find(({ Kind }) => Kind === 'call') ?? assert.fail('no whole call')
    const bytes = Buffer.from(await (await fetch(whole.Url)).arrayBuffer())
    assert.equal(bytes.length, whole.Size)
    const log = (await (
      await fetch(String((described['Instance'] as { CallLogUrl: string }).CallLogUrl))
    ).json()) as { startTime: number; antiphon: { turns: Timed[] } }
    for (const { speechStartMs, firstAudioMs } of log.antiphon.turns) {
      for (const [side, atMs] of [
        [0, speechStartMs],
        [1, firstAudioMs],
      ] as const) {
        if (atMs === undefined) continue
        const inFileMs = log.startTime * 1000 + atMs - whole.StartTime
        const onsetMs = onset(bytes, side, inFileMs)
        assert.ok(Math.abs(onsetMs) <= 120, `side ${side} at ${atMs} ms: ${onsetMs} ms off`)
      }
    }
    const part = await fetch(whole.Url, { headers: { range: 'bytes=60-1083' } })
    assert.equal(part.status, 206)
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(60, 1084))
    assert.equal((await fetch(whole.Url.replace('call.wav', '1-user.wav'))).status, 403)
    const wav = readWav(bytes)
    assert.ok(wav.ok && Math.abs(wav.value.samples.length / 16 - whole.Duration) < 2)
  })
})

interface Recorded {
  readonly Kind: string
  readonly Role?: string
  readonly Url: string
  readonly StartTime: number
  readonly Duration: number
  readonly Size: number
}

interface Timed {
  readonly speechStartMs?: number
  readonly firstAudioMs?: number
}

const waves = (samples: Int16Array): number => {
  let count = 0
  for (let index = 1; index < samples.length; index += 1)
    if ((samples[index] ?? 0) > 0 && (samples[index - 1] ?? 0) <= 0) count += 1
  return count
}

/** How far from a time in a stereo recording a side begins to sound after silence, in ms. */
function onset(bytes: Buffer, side: 0 | 1, atMs: number): number {
  const loud = (ms: number): boolean => {
    for (let sample = ms * 16; sample < ms * 16 + 16; sample += 1) {
      const place = 60 + sample * 4 + side * 2
      if (place + 2 <= bytes.length && Math.abs(bytes.readInt16LE(place)) > 250) return true
    }
    return false
  }
  const from = Math.max(0, Math.round(atMs) - 400)
  for (let ms = from; ms < from + 900; ms += 1) if (loud(ms)) return ms - atMs
  return Infinity
}
