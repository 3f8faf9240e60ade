/** Starting and stopping, as the person at the terminal sees it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { silentLog } from '../../src/base/log.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import {
  runAntiphon,
  settingsFor,
  startAntiphon,
  temporaryFolder,
  until,
  type Antiphon,
} from './antiphon-process.ts'
import { ApiCaller } from './api-caller.ts'
import { isAlive, workersOf } from './server-processes.ts'

/** 3 s, and as much again for a machine that has other things to do. */
const BANNER_LIMIT_MS = 6000
const SCRIPTED = {
  asr: { provider: 'scripted' },
  llm: { provider: 'scripted', replies: ['And so on, and so on.'.repeat(30)] },
  tts: { provider: 'scripted' },
  vad: { provider: 'energy' },
}

const tcp = createServer().listen(0, '127.0.0.1')
const udp = createSocket('udp4').bind(0)
let server: Antiphon
let bannerMs = 0

before(async () => {
  const beganMs = performance.now()
  server = await startAntiphon({ isReady: false })
  bannerMs = performance.now() - beganMs
})
after(async () => {
  tcp.close()
  udp.close()
  await server.end('SIGKILL')
})

test('a start tells all one needs, and what is not ready yet says so', async (t) => {
  const health = await fetch(`${server.origin}/healthz`)
  const early = await fetch(`${server.origin}/readyz`)
  assert.equal(health.status, 200)
  assert.equal(early.status, 503)
  assert.match(((await early.json()) as { Message: string }).Message, /loading their models/)
  t.diagnostic(`banner after ${Math.round(bannerMs)} ms`)
  assert.ok(bannerMs < BANNER_LIMIT_MS, `${bannerMs} ms`)
  await until(async () => (await fetch(`${server.origin}/readyz`)).status === 200)

  const output = server.output()
  const { folder, origin } = server
  for (const line of [
    `API endpoint  ${origin}`,
    `Access key    ${join(folder, 'access-key.json')}`,
    `RTC app key   ${join(folder, 'rtc-app.json')}`,
    'recognition moonshine (English), voice flite (English), activity silero',
    'Language      builtin',
    'No language model is plugged in',
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL=',
  ]) {
    assert.ok(output.includes(line), `${line} is not in:\n${output}`)
  }
  for (const file of ['access-key.json', 'rtc-app.json']) {
    assert.equal(statSync(join(folder, file)).mode & 0o077, 0, file)
  }
  const key = JSON.parse(readFileSync(join(folder, 'access-key.json'), 'utf8')) as {
    accessKeySecret: string
  }
  assert.ok(!output.includes(key.accessKeySecret))

  const visit = (): Promise<Response> =>
    fetch(`${origin}/?token=${server.token}`, { headers: { Accept: 'text/html' } })
  assert.match((await visit()).headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Strict/)
  assert.equal((await visit()).headers.get('set-cookie'), null)

  const second = runAntiphon({ folder })
  assert.equal(await second.ended, 1)
  assert.match(
    second.errors(),
    /^The data folder .* is in use: another antiphon is running on it\.\n$/,
  )
})

test('a language model that is plugged in is named instead', async (t) => {
  const env = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OPENAI_MODEL: 'small-one' }
  const other = await startAntiphon({ isReady: false, env })
  t.after(() => other.end('SIGKILL'))
  assert.match(other.output(), /Language {6}openai \(small-one\)/)
  assert.doesNotMatch(other.output(), /plugged in/)
  assert.equal(await other.end('SIGTERM'), 0)
})

test('--help lists every setting', async () => {
  const help = runAntiphon({ folder: temporaryFolder(), args: ['--help'] })
  assert.equal(await help.ended, 0)
  for (const name of `HOST PORT DATA PUBLIC_URL UDP_PORT PUBLIC_IP TLS_CERT TLS_KEY WORKERS
    ACCESS_KEY_ID ACCESS_KEY_SECRET RTC_APP_ID RTC_APP_KEY LOG_LEVEL LOG_CONTENT`.split(/\s+/)) {
    assert.match(help.output(), new RegExp(`^ +ANTIPHON_${name} `, 'm'))
  }
  for (const name of ['OPENAI_BASE_URL', 'OPENAI_API_KEY', 'OPENAI_MODEL']) {
    assert.match(help.output(), new RegExp(`^ +${name} `, 'm'))
  }
})

test('a wrong setting gives one clear line and exit code 1', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'file')
  writeFileSync(file, 'not a certificate')
  const tcpPort = String((tcp.address() as AddressInfo).port)
  const udpPort = String(udp.address().port)
  const wrong: readonly [env: NodeJS.ProcessEnv, line: RegExp, args?: readonly string[]][] = [
    [{ ANTIPHON_PORT: 'http' }, /^ANTIPHON_PORT must be a whole number .*"http"/],
    [{ ANTIPHON_PORT: tcpPort }, /^ANTIPHON_PORT must be a free port; \d+ .* is taken/],
    [{ ANTIPHON_UDP_PORT: udpPort }, new RegExp(`^ANTIPHON_UDP_PORT.*${udpPort} is taken`)],
    [{ ANTIPHON_HOST: '203.0.113.1' }, /^ANTIPHON_HOST must be an address of this machine/],
    [{ OPENAI_BASE_URL: 'localhost:11434' }, /^OPENAI_BASE_URL must be an address/],
    [{ ANTIPHON_DATA: join(file, 'data') }, /^ANTIPHON_DATA must be a folder that can be written/],
    [{ ANTIPHON_DATA: '/proc/antiphon/data' }, /^ANTIPHON_DATA must be a folder/],
    [{ ANTIPHON_TLS_CERT: file }, /^ANTIPHON_TLS_KEY must be set because ANTIPHON_TLS_CERT is/],
    [{}, /^There is no argument --port/, ['--port', '80']],
  ]
  const runs = wrong.map(([env, line, args = []]) => {
    const run = runAntiphon({ folder: temporaryFolder(), env, args })
    return { run, env, line }
  })
  for (const { run, env, line } of runs) {
    const what = JSON.stringify(env)
    assert.equal(await run.ended, 1, what)
    assert.match(run.errors(), line, what)
    assert.match(run.output(), /^[^\n]+\n$/, what)
  }
})

test('Ctrl-C ends calls politely', async (t) => {
  const api = new ApiCaller(server)
  const agentId = await api.makeAgent({ Greeting: 'Good morning, and welcome.' }, SCRIPTED)
  const { caller, instanceId } = await api.startCall(agentId)
  await until(() => caller.answered().size === 1)
  const workers = workersOf(server)
  const beganMs = performance.now()
  // In a terminal the workers get the signal as well.
  for (const pid of workers) process.kill(pid, 'SIGINT')
  assert.equal(await server.end('SIGINT'), 0)
  t.diagnostic(`stopped in ${Math.round(performance.now() - beganMs)} ms`)
  assert.equal(caller.of(1010).length, 1)
  assert.match(String(caller.of(1010)[0]?.data['message']), /shutting down/)
  assert.equal(caller.closeCode, 4002)
  assert.deepEqual(workers.filter(isAlive), [])
  assert.doesNotMatch(server.output(), /"level":[45]0|Error/)

  const store = await openSqliteStore({ folder: server.folder, log: silentLog })
  assert.ok(store.ok)
  const instance = await store.value.getInstance(instanceId)
  await store.value.close()
  assert.deepEqual([instance?.status, instance?.endReason], ['Finished', 'shutdown'])
})

test('a second Ctrl-C stops at once', async () => {
  server = await startAntiphon()
  const api = new ApiCaller(server)
  // It would first finish its sentence.
  const agentId = await api.makeAgent({ GracefulShutdown: true }, SCRIPTED)
  const { caller } = await api.startCall(agentId)
  caller.send(1111, { text: 'Go on.', enableInterrupt: true })
  await until(() => caller.of(1001).at(-1)?.data['state'] === 3)
  const workers = workersOf(server)
  process.kill(server.pid, 'SIGINT')
  await until(() => server.output().includes('Ctrl-C again stops at once'))
  assert.ok(caller.isOpen)
  const againMs = performance.now()
  assert.equal(await server.end('SIGINT'), 130)
  await until(() => !workers.some(isAlive), 1000)
  assert.ok(performance.now() - againMs < 1000)
})

test('a server that npm started ends when npm is told to', async () => {
  // npm has a shell start its script, and the shell does not pass on the SIGTERM that it gets of npm.
  const main = new URL('../../src/main.ts', import.meta.url).pathname
  const folder = temporaryFolder()
  const shell = spawn('sh', ['-c', `"${process.execPath}" "${main}"; exit $?`], {
    env: { ...settingsFor(folder), npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  await until(() => output.includes('Console'))
  shell.kill('SIGTERM')
  // It closes when the last process that could write to it has ended.
  await once(shell.stdout, 'close')
  assert.match(output, /Ending calls/)
})
