/** A whole call in Chinese with recogniser and voice behind the product's interfaces for models of one's own. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { httpServer, listen, toneFor } from '../providers/local-server.ts'
import { serveStt } from '../providers/stt-server.ts'
import { startAntiphon, until, type Antiphon } from './antiphon-process.ts'
import { ApiCaller } from './api-caller.ts'
import { sound } from './socket-caller.ts'

let server: Antiphon
let api: ApiCaller
const forms: Record<string, string>[] = []

before(async () => {
  server = await startAntiphon({
    env: { MY_KEY: 'key-secret', ANTIPHON_ESPEAK: '/nowhere', ANTIPHON_WORKERS: '1' },
  })
  api = new ApiCaller(server)
})
after(() => server.end())

test('a call is heard and answered by models of the operator, who get what they need to know', async () => {
  const stt = await serveStt()
  const tts = await listen(
    httpServer((_, response, body) => {
      const form = Object.fromEntries(new URLSearchParams(body.toString()))
      forms.push(form)
      response.end(toneFor(form['Text'] ?? '', { rate: 1, hz: Number(form['SampleRate']) }))
    }),
  )
  const agentId = await api.makeAgent(
    {
      AsrConfig: { AsrLanguageId: 'zh_mandarin', CustomParams: 'mode=fast' },
      TtsConfig: { VoiceId: 'mia', Emotion: 'happy' },
    },
    {
      asr: { provider: 'selfdeveloped', url: stt.url, apiKeyEnv: 'MY_KEY' },
      llm: { provider: 'scripted', replies: ['好的，灯已经打开了。'] },
      tts: { provider: 'selfdeveloped', url: tts, apiKeyEnv: 'MY_KEY', voices: ['mia'] },
    },
  )
  const call = await api.startCall(agentId)
  await call.caller.play(sound('en_06.wav'))
  await until(() => call.caller.said().length > 0 && forms.length > 0)
  assert.deepEqual(call.caller.said(), ['Turn on the lights.'])
  await until(() => call.caller.heard.some(({ frame }) => frame.some((one) => one > 1000)))
  const address = new URL(stt.connections[0]?.url ?? '', 'ws://x')
  assert.equal(address.searchParams.get('session_id'), call.instanceId)
  assert.equal(address.searchParams.get('token')?.length, 28)
  assert.equal(address.searchParams.get('language'), 'cn')
  assert.equal(address.searchParams.get('mode'), 'fast')
  const [form] = forms
  assert.equal(form?.['Token'], 'key-secret')
  assert.equal(form['VoiceId'], 'mia')
  const data = JSON.parse(form['ExtendData'] ?? '{}') as Record<string, unknown>
  assert.equal(data['InstanceId'], call.instanceId)
  assert.equal(data['ChannelId'], call.channelId)
  assert.equal(data['Emotion'], 'happy')
  assert.ok(Number(data['SentenceId']) > 0)
  call.caller.close()
  await api.stop(call.instanceId)
  assert.ok(!server.output().includes('key-secret'), 'a key in the log')
})

test('what stands in the way of a provider is told when the call is started', async () => {
  for (const [language, providers, message] of [
    [
      'zh_mandarin',
      { asr: { provider: 'sherpa', folder: 'gone' } },
      /Providers.asr.folder: .*gone/,
    ],
    ['es', { asr: { provider: 'dashscope' } }, /AsrLanguageId/],
    ['zh_mandarin', { asr: { provider: 'dashscope' } }, /needs a key of DashScope/],
    ['en', { tts: { provider: 'espeak' } }, /eSpeak NG is not installed/],
    ['en', { tts: { provider: 'openai', apiKeyEnv: 'GONE' } }, /apiKeyEnv names GONE/],
  ] as const) {
    const agentId = await api.makeAgent({ AsrConfig: { AsrLanguageId: language } }, providers)
    await assert.rejects(api.startCall(agentId), message)
  }
})
