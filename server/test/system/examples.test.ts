/** The programs of `examples/` against a real server, as a reader would run them. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readWav } from '../../src/media/wav.ts'
import { makeChannelToken, type RtcApp } from '../../src/schema/channel-token.ts'
import { startAntiphon, type Antiphon } from './antiphon-process.ts'

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url))
const AUDIO = fileURLToPath(new URL('../audio/', import.meta.url))
const LIMIT_MS = 60_000

let server: Antiphon
let rtcApp: RtcApp

before(async () => {
  server = await startAntiphon()
  rtcApp = JSON.parse(readFileSync(join(server.folder, 'rtc-app.json'), 'utf8')) as RtcApp
})
after(async () => {
  await server.end()
})

/** Runs an example to its end; gives back what it printed. */
function run(name: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(EXAMPLES, name), ...args], {
      env: {
        PATH: process.env['PATH'],
        ANTIPHON_ENDPOINT: server.host,
        ALIBABA_CLOUD_ACCESS_KEY_ID: server.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: server.accessKeySecret,
        ANTIPHON_RTC_APP_ID: rtcApp.appId,
        ANTIPHON_RTC_APP_KEY: rtcApp.appKey,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
    })
    let printed = ''
    let complaints = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
    child.on('close', (code) => {
      if (code === 0) resolve(printed)
      else reject(new Error(`${name} ended with ${code}:\n${printed}${complaints}`))
    })
  })
}

test('every example is short and has a test here', () => {
  const tests = readFileSync(fileURLToPath(import.meta.url), 'utf8')
  const names = readdirSync(EXAMPLES).filter((name) => /^\d\d-.*\.ts$/.test(name))
  assert.ok(names.length > 0)
  for (const name of names) {
    const lines = readFileSync(join(EXAMPLES, name), 'utf8').trimEnd().split('\n').length
    assert.ok(lines <= 40, `${name} has ${lines} lines`)
    assert.ok(tests.includes(`'${name}'`), `${name} is run by no test`)
  }
})

test('01 and 02: a call is started, can be joined as printed, and is listed', async () => {
  const printed = await run('02-start-a-call.ts')
  assert.match(printed, /^call +[0-9a-f]{32}$/m)
  const [, address = '', channelId = ''] =
    /^WebSocket +(ws:\S+\/channels\/([0-9a-f]{32})\/socket\S+)$/m.exec(printed) ?? []
  const socket = new WebSocket(address)
  const greeting = await new Promise<string>((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error(printed)))
    socket.addEventListener('message', ({ data }) => {
      const message = typeof data === 'string' ? JSON.parse(data) : {}
      if (message.type === 1002) resolve(message.data.text)
    })
  })
  assert.match(greeting, /Hello Alice/)
  const listed = await run('01-list-calls.ts')
  assert.match(listed, /^Demo \([0-9a-f]{32}\)$/m)
  assert.match(listed, new RegExp(`^  Executing in channel ${channelId} {"order":4711}$`, 'm'))
  socket.close()
})

test('03 and 06: a WAV is played to the agent, its answer is another, and the log tells both', async () => {
  const answer = join(server.folder, 'answer.wav')
  const printed = await run('03-talk-over-websocket.ts', join(AUDIO, 'en_01.wav'), answer)
  assert.match(printed, /^agent: I am the demo agent/m)
  assert.match(printed, /^you: .*hear me/im)
  assert.match(printed, /^agent: Yes, I can hear you\./m)
  const wav = readWav(readFileSync(answer))
  assert.ok(wav.ok, wav.ok ? '' : wav.error)
  const { samples, sampleRateHz } = wav.value
  assert.equal(sampleRateHz, 16_000)
  const loudS = samples.filter((one) => Math.abs(one) > 500).length / sampleRateHz
  assert.ok(loudS > 1, `the agent is heard for ${loudS} s`)

  const [, instanceId = ''] = /^call ([0-9a-f]{32})$/m.exec(printed) ?? []
  const log = await run('06-read-a-call-log.ts', instanceId)
  assert.match(log, /^\d+\.\d s agent: Hello! .*\n\d+\.\d s user: .*\n\d+\.\d s agent: Yes, /m)
  assert.match(log, /^turn 2: \d+ ms from silence to sound$/m)
})

test('04: an agent answers with a language model of its own', async () => {
  const printed = await run('04-own-model.ts')
  assert.equal(printed.replaceAll(/\s+/g, ' '), 'agent: hello the world ')
})

test('05: a call in a channel of one’s own is changed and stopped', async () => {
  const lines = (await run('05-own-channel.ts')).trimEnd().split('\n')
  const [, channelId = '', token = ''] = /^alice joins (\S+) with (\S+)$/.exec(lines[0] ?? '') ?? []
  const { timestamp: expiresS } = JSON.parse(Buffer.from(token, 'base64').toString())
  assert.equal(token, makeChannelToken({ ...rtcApp, channelId, userId: 'alice', expiresS }))
  assert.deepEqual(lines.slice(1), ['Created, a sentence ends after 800 ms of silence', 'Finished'])
})
