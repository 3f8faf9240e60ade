import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  failPlainly,
  httpServer,
  listen,
  mixedPump,
  toneFor,
} from '../../../test/providers/local-server.ts'
import { SimulatedClock } from '../../base/simulated-clock.ts'
import { ttsFaultContract, type Fault } from '../../ports/provider-faults.contract.ts'
import { until } from '../../ports/pump.contract.ts'
import { isSpoken, speak, ttsContract } from '../../ports/tts.contract.ts'
import { ownTts, type OwnTtsOptions } from './tts.ts'

/** The documented interface for voices of one's own, or failing. */
async function serve(given?: Fault, options: Partial<OwnTtsOptions> = {}) {
  let fault = given
  const forms: Record<string, string>[] = []
  const heads: string[] = []
  const address = await listen(
    httpServer((request, response, body) => {
      const form = Object.fromEntries(new URLSearchParams(body.toString()))
      forms.push(form)
      heads.push(`${request.method} ${request.url} ${request.headers['content-type']}`)
      if (failPlainly(fault, request, response)) return
      const type = fault === 'malformed chunk' ? 'text/html' : 'application/octet-stream'
      response.writeHead(200, { 'content-type': type })
      if (fault === 'malformed chunk') response.end('<html>Confidential</html>')
      else if (fault === '10 MB of reply') response.end(Buffer.alloc(10_000_000, 1))
      else {
        const rate = (JSON.parse(form['ExtendData'] ?? '{}') as { SpeechRate?: number }).SpeechRate
        const hz = Number(form['SampleRate'])
        const sound = toneFor(form['Text'] ?? '', { rate: rate ?? 1, hz })
        response.write(sound.subarray(0, 777))
        if (fault !== 'stall in the middle') setImmediate(() => response.end(sound.subarray(777)))
      }
    }),
  )
  const clock = new SimulatedClock()
  const provider = ownTts({ clock, url: `${address}/speak?x=1`, token: 'key-secret', ...options })
  const behave = (): void => void (fault = undefined)
  return { provider, clock, asked: () => forms.length, behave, release() {}, forms, heads }
}

const friendly = await serve()
ttsContract({
  name: 'self-developed TTS',
  provider: () => friendly.provider,
  pump: mixedPump(friendly.clock),
})
ttsFaultContract({ name: 'self-developed TTS', serve })

test('self-developed TTS: the form is the documented one', async () => {
  const { provider, clock, forms, heads } = await serve(undefined, {
    voices: ['mia', 'leo'],
    sampleRateHz: 48_000,
  })
  const spoken = speak(provider, '你好。', {
    voiceId: 'leo',
    style: { emotion: 'sad' },
    extendData: { instanceId: 'i', channelId: 'c', sentenceId: 7, userData: '{"x":1}' },
  })
  await until(mixedPump(clock), () => isSpoken(spoken), 'the end')
  assert.equal(spoken.pieces[0]?.sampleRateHz, 48_000)
  assert.deepEqual(heads, ['POST /speak?x=1 application/x-www-form-urlencoded;charset=UTF-8'])
  const { ExtendData = '', ...rest } = forms[0] ?? {}
  assert.deepEqual(rest, {
    Text: '你好。',
    VoiceId: 'leo',
    SampleRate: '48000',
    Token: 'key-secret',
  })
  assert.deepEqual(JSON.parse(ExtendData), {
    InstanceId: 'i',
    ChannelId: 'c',
    SentenceId: 7,
    Emotion: 'sad',
    UserData: '{"x":1}',
  })
})

test('self-developed TTS: without voices and token none is sent', async () => {
  const { provider, clock, forms } = await serve(undefined, { token: undefined })
  const spoken = speak(provider, 'Hello.', { voiceId: 'somebody' })
  await until(mixedPump(clock), () => isSpoken(spoken), 'the end')
  assert.deepEqual(Object.keys(forms[0] ?? {}), ['Text', 'SampleRate', 'ExtendData'])
  assert.equal(JSON.parse(forms[0]?.['ExtendData'] ?? '{}').Emotion, 'neutral')
})

test('self-developed TTS: a WAV file is understood whatever was asked for', async () => {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(16_000, 24)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  const address = await listen(
    httpServer((_, response) => {
      response.writeHead(200)
      response.write(header.subarray(0, 30))
      const rest = Buffer.concat([header.subarray(30), Buffer.from([1, 0, 2, 0])])
      setImmediate(() => response.end(rest))
    }),
  )
  const clock = new SimulatedClock()
  const spoken = speak(ownTts({ clock, url: address }), 'Hello.')
  await until(mixedPump(clock), () => isSpoken(spoken), 'the end')
  assert.deepEqual(spoken.pieces, [{ pcm: Int16Array.of(1, 2), sampleRateHz: 16_000 }])
})
