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
import { openAiSpeech, type OpenAiSpeechOptions } from './openai-speech.ts'

/** `POST /audio/speech` as the protocol has it, or failing. */
async function serve(given?: Fault, options: Partial<OpenAiSpeechOptions> = {}) {
  let fault = given
  const bodies: Record<string, unknown>[] = []
  const urls: string[] = []
  const keys: (string | undefined)[] = []
  const address = await listen(
    httpServer((request, response, body) => {
      const asked = JSON.parse(body.toString()) as Record<string, unknown>
      bodies.push(asked)
      urls.push(request.url ?? '')
      keys.push(request.headers.authorization)
      if (failPlainly(fault, request, response)) return
      const type = fault === 'malformed chunk' ? 'application/json' : 'audio/pcm'
      response.writeHead(200, { 'content-type': type })
      if (fault === 'malformed chunk') {
        response.end('{"audio": "Confidential')
        return
      }
      if (fault === '10 MB of reply') {
        response.end(Buffer.alloc(10_000_000, 1))
        return
      }
      const sound = toneFor(String(asked['input']), { rate: Number(asked['speed']), hz: 24_000 })
      // Cut inside a sample.
      response.write(sound.subarray(0, 1001))
      if (fault !== 'stall in the middle') setImmediate(() => response.end(sound.subarray(1001)))
    }),
  )
  const clock = new SimulatedClock()
  const provider = openAiSpeech({
    clock,
    baseUrl: `${address}/v1?a=1`,
    model: 'm',
    apiKey: 'sk-secret',
    ...options,
  })
  const behave = (): void => void (fault = undefined)
  return { provider, clock, asked: () => bodies.length, behave, release() {}, bodies, urls, keys }
}

const friendly = await serve()
ttsContract({
  name: 'openai speech',
  provider: () => friendly.provider,
  pump: mixedPump(friendly.clock),
})
ttsFaultContract({ name: 'openai speech', serve })

test('openai speech: the request is what the protocol says', async () => {
  const { provider, clock, bodies, urls, keys } = await serve(undefined, {
    voices: ['my-voice'],
    instructions: 'Speak like a pirate.',
  })
  const ask = async (options: Parameters<typeof speak>[2]): Promise<void> => {
    const spoken = speak(provider, 'Good morning.', options)
    await until(mixedPump(clock), () => isSpoken(spoken), 'the end')
    assert.deepEqual(spoken.pieces[0]?.sampleRateHz, 24_000)
  }
  await ask({ voiceId: 'coral', speechRate: 1.5 })
  await ask({ voiceId: '', style: { emotion: 'happy', modelId: 'speech-02-turbo' } })
  const common = { input: 'Good morning.', response_format: 'pcm' }
  assert.deepEqual(bodies, [
    { ...common, model: 'm', voice: 'coral', speed: 1.5, instructions: 'Speak like a pirate.' },
    {
      ...common,
      model: 'speech-02-turbo',
      voice: 'my-voice',
      speed: 1,
      instructions: 'Speak like a pirate. Sound happy.',
    },
  ])
  assert.deepEqual(urls, ['/v1/audio/speech?a=1', '/v1/audio/speech?a=1'])
  assert.deepEqual(keys, ['Bearer sk-secret', 'Bearer sk-secret'])
})

test('openai speech: older models get no instructions, which they refuse', async () => {
  const { provider, clock, bodies } = await serve(undefined, { model: 'tts-1' })
  const spoken = speak(provider, 'Hello.', { style: { emotion: 'sad' } })
  await until(mixedPump(clock), () => isSpoken(spoken), 'the end')
  assert.equal(bodies[0]?.['instructions'], undefined)
})

test('openai speech: cancel closes the connection, so that the service stops', async () => {
  const { provider, clock, asked } = await serve('stall in the middle')
  const spoken = speak(provider, 'A long story.')
  await until(mixedPump(clock), () => asked() > 0 && spoken.pieces.length > 0, 'the first sound')
  spoken.stream.cancel()
  assert.equal(clock.pending, 0)
  clock.advance(60_000)
  assert.deepEqual(new Set(spoken.order), new Set(['audio']))
})
