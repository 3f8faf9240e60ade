import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { framesOf, readWav } from '../../../test/audio/read-wav.ts'
import { mixedPump } from '../../../test/providers/local-server.ts'
import { serveStt } from '../../../test/providers/stt-server.ts'
import { asrContract } from '../../ports/asr.contract.ts'
import { asrFaultContract } from '../../ports/provider-faults.contract.ts'
import { until } from '../../ports/pump.contract.ts'
import { sttUrl } from './stt-url.ts'

const speech = framesOf(readWav('en_06'))
const friendly = await serveStt()
asrContract({
  name: 'self-developed STT',
  provider: () => friendly.provider,
  pump: mixedPump(friendly.clock),
  speech,
  word: 'lights',
})
asrFaultContract({
  name: 'self-developed STT',
  serve: serveStt,
  speech,
  // The interface cannot tell a recogniser that has nothing to say from one that is stuck.
  answered: ['slow first byte', 'stall in the middle'],
})

test('self-developed STT: the address has session, token, language and custom parameters', () => {
  const address = {
    url: 'wss://stt.example.org/v1/listen?mine=1',
    apiKey: 'my key',
    sessionId: 'session-1',
    languageId: 'zh_mandarin',
    customParams: 'mode=fast&format=wav&token=stolen',
  }
  const url = sttUrl(address)
  const token = createHmac('sha1', 'my key').update('session-1').digest('base64')
  assert.equal(token.length, 28)
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    mine: '1',
    session_id: 'session-1',
    token,
    language: 'cn',
    mode: 'fast',
    format: 'wav',
  })
  assert.ok(url.href.includes(`token=${encodeURIComponent(token)}`), 'URL-encoded')
  const mixed = sttUrl({ ...address, languageId: 'zh_en', customParams: '' })
  assert.equal(mixed.searchParams.get('language'), null, 'mixed is the default of the interface')
  assert.equal(sttUrl({ ...address, languageId: 'en' }).searchParams.get('language'), 'en')
})

test('self-developed STT: sound goes in messages of 40 ms, and the call gives the session its id', async () => {
  const { provider, clock, connections } = await serveStt()
  const texts: string[] = []
  const partials: string[] = []
  const stream = provider.open(
    { languageId: 'en', hotWords: [], customParams: 'mode=fast', instanceId: 'call-1' },
    {
      onPartial: (text) => partials.push(text),
      onFinal: (text) => texts.push(text),
      onError: (error) => assert.fail(error.message),
    },
  )
  for (const frame of speech) stream.write(frame)
  await until(mixedPump(clock), () => partials.length > 0, 'a partial')
  stream.flush(1)
  await until(mixedPump(clock), () => texts.length > 0, 'the text')
  stream.reset()
  for (const frame of speech) stream.write(frame)
  stream.flush(2)
  await until(mixedPump(clock), () => texts.length > 1, 'the second text')
  stream.close()
  assert.deepEqual(texts, ['Turn on the lights.', 'Turn on the lights.'])
  assert.equal(connections.length, 1, 'one connection serves both sentences')
  assert.match(connections[0]?.url ?? '', /^\/listen\?mine=1&session_id=call-1&token=.*&mode=fast$/)
  assert.deepEqual(new Set(connections[0]?.lengths), new Set([1280]))
})

test('self-developed STT: a sentence that is forgotten in the middle does not leak into the next', async () => {
  const { provider, clock, connections } = await serveStt()
  const texts: string[] = []
  const stream = provider.open(
    { languageId: 'en', hotWords: [], customParams: '' },
    { onPartial() {}, onFinal: (text) => texts.push(text), onError: (e) => assert.fail(e.message) },
  )
  for (const frame of speech) stream.write(frame)
  await until(mixedPump(clock), () => connections.length > 0, 'the connection')
  stream.reset()
  for (const frame of speech) stream.write(frame)
  stream.flush(1)
  await until(mixedPump(clock), () => texts.length > 0, 'the text')
  assert.deepEqual(texts, ['Turn on the lights.'])
  stream.close()
})
