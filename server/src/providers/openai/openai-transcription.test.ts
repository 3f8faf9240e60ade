import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test } from 'node:test'
import { failPlainly, httpServer, listen, mixedPump } from '../../../test/providers/local-server.ts'
import { framesOf, readWav } from '../../../test/audio/read-wav.ts'
import { SimulatedClock } from '../../base/simulated-clock.ts'
import { readWav as parseWav } from '../../media/wav.ts'
import type { AsrProvider } from '../../ports/asr.ts'
import { asrContract } from '../../ports/asr.contract.ts'
import { asrFaultContract, type Fault } from '../../ports/provider-faults.contract.ts'
import { until } from '../../ports/pump.contract.ts'
import { openAiTranscription, type OpenAiTranscriptionOptions } from './openai-transcription.ts'

const TEXT = 'Turn on the lights.'

interface Asked {
  readonly fields: Readonly<Record<string, string>>
  readonly samples: number
  readonly sampleRateHz: number
  readonly url: string
}

/** `POST /audio/transcriptions` as the protocol has it, or failing. */
async function serve(given?: Fault, options: Partial<OpenAiTranscriptionOptions> = {}) {
  let fault = given
  const asked: Asked[] = []
  /** Pieces of the answer that is being streamed: each goes when the one before has been heard of. */
  const later: (() => void)[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const one = await read(body, request.headers['content-type'] ?? '', request.url ?? '')
    asked.push(one)
    if (failPlainly(fault, request, response)) return
    const isStream = one.fields['stream'] === 'true'
    const type = isStream ? 'text/event-stream' : 'application/json'
    response.writeHead(200, { 'content-type': type })
    if (fault === '10 MB of reply') response.end('x'.repeat(10_000_000))
    else if (!isStream) response.end(JSON.stringify({ text: TEXT }))
    else if (fault === 'malformed chunk') response.end('data: {"type":"transcript.te\n\n')
    else {
      response.write(event({ type: 'transcript.text.delta', delta: 'Turn on ' }))
      if (fault === 'stall in the middle') return
      later.push(
        () => void response.write(event({ type: 'transcript.text.delta', delta: 'the' })),
        () => void response.end(event({ type: 'transcript.text.done', text: TEXT })),
      )
    }
  }
  const address = await listen(
    httpServer((request, response, body) => {
      void answer(request, response, body)
    }),
  )
  const clock = new SimulatedClock()
  const plain = openAiTranscription({
    clock,
    baseUrl: `${address}/v1`,
    model: 'm',
    apiKey: 'sk-secret',
    ...options,
  })
  const open: AsrProvider['open'] = (given, events) => {
    const onPartial = (text: string): void => {
      events.onPartial(text)
      later.shift()?.()
    }
    return plain.open(given, { ...events, onPartial })
  }
  const provider = { ...plain, open }
  const behave = (): void => void (fault = undefined)
  return { provider, clock, asked: () => asked.length, behave, release() {}, requests: asked }
}

const event = (value: object): string => `data: ${JSON.stringify(value)}\n\n`

async function read(body: Buffer, type: string, url: string): Promise<Asked> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': type },
  }).formData()
  const file = form.get('file') as File
  const wav = parseWav(new Uint8Array(await file.arrayBuffer()))
  assert.ok(wav.ok && file.name === 'speech.wav')
  form.delete('file')
  const fields = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
  const { samples, sampleRateHz } = wav.value
  return { fields, samples: samples.length, sampleRateHz, url }
}

const speech = framesOf(readWav('en_06'))
const friendly = await serve()
asrContract({
  name: 'openai transcription',
  provider: () => friendly.provider,
  pump: mixedPump(friendly.clock),
  speech,
  word: 'lights',
})
asrFaultContract({ name: 'openai transcription', serve, speech })

async function hear(
  server: Awaited<ReturnType<typeof serve>>,
  options: { readonly languageId: string; readonly hotWords?: readonly string[] },
) {
  const partials: string[] = []
  let text: string | undefined
  const stream = server.provider.open(
    { hotWords: [], customParams: '', ...options },
    {
      onPartial: (partial) => partials.push(partial),
      onFinal: (final) => (text = final),
      onError: (error) => assert.fail(error.message),
    },
  )
  for (const frame of speech) stream.write(frame)
  stream.flush(1)
  await until(mixedPump(server.clock), () => text !== undefined, 'the text')
  stream.close()
  return { text, partials }
}

test('openai transcription: the request has the whole sentence, language and hot words', async () => {
  const server = await serve()
  const heard = await hear(server, { languageId: 'jp', hotWords: ['Antiphon', 'Moonshine'] })
  assert.equal(heard.text, TEXT)
  assert.deepEqual(heard.partials, ['Turn on', 'Turn on the', TEXT])
  assert.deepEqual(server.requests, [
    {
      url: '/v1/audio/transcriptions',
      fields: {
        model: 'm',
        response_format: 'json',
        language: 'ja',
        prompt: 'Antiphon, Moonshine',
        stream: 'true',
      },
      samples: speech.length * 320,
      sampleRateHz: 16_000,
    },
  ])
})

test('openai transcription: mixed languages are left to the model, and whisper-1 does not stream', async () => {
  const server = await serve(undefined, { model: 'whisper-1' })
  assert.deepEqual(await hear(server, { languageId: 'zh_en' }), { text: TEXT, partials: [] })
  assert.deepEqual(server.requests[0]?.fields, { model: 'whisper-1', response_format: 'json' })
})

test('openai transcription: languages are those of the models, or those that are named', () => {
  const base = { clock: new SimulatedClock(), baseUrl: 'http://127.0.0.1:1', model: 'm' }
  const usual = openAiTranscription(base).languages
  assert.ok(['en', 'zh_mandarin', 'zh_en', 'jp', 'es'].every((id) => usual.includes(id)))
  assert.ok(!usual.includes('yue') && usual !== 'any')
  assert.deepEqual(openAiTranscription({ ...base, languages: ['ja'] }).languages, ['ja', 'jp'])
})

test('openai transcription: a sentence of two minutes goes in parts', async () => {
  const server = await serve()
  let text: string | undefined
  const stream = server.provider.open(
    { languageId: 'en', hotWords: [], customParams: '' },
    { onPartial() {}, onFinal: (final) => (text = final), onError: (e) => assert.fail(e.message) },
  )
  const seconds = (speech.length * 20) / 1000
  for (let said = 0; said < 58; said += seconds) for (const frame of speech) stream.write(frame)
  stream.flush(1)
  await until(mixedPump(server.clock), () => text !== undefined, 'the text')
  assert.equal(text, `${TEXT} ${TEXT}`)
  stream.close()
})
