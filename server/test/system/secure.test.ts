/** With a certificate the same things work over https and wss. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setDefaultCACertificates } from 'node:tls'
import { selfSigned } from '../../src/web/self-signed.ts'
import { startAntiphon, temporaryFolder, until, type Antiphon } from './antiphon-process.ts'
import { ApiCaller } from './api-caller.ts'
import { workersOf } from './server-processes.ts'
import { sound, type SocketCaller } from './socket-caller.ts'

const REPLY = 'I have heard it all.'
const folder = temporaryFolder()
const env = {
  ANTIPHON_HOST: 'localhost',
  ANTIPHON_TLS_CERT: join(folder, 'cert.pem'),
  ANTIPHON_TLS_KEY: join(folder, 'key.pem'),
}
let server: Antiphon

before(async () => {
  const { cert, key } = selfSigned()
  writeFileSync(env.ANTIPHON_TLS_CERT, cert)
  writeFileSync(env.ANTIPHON_TLS_KEY, key)
  setDefaultCACertificates([cert])
  server = await startAntiphon({ folder, env })
})
after(async () => {
  await server.end()
})

const isQuiet = (caller: SocketCaller): boolean => caller.of(1001).at(-1)?.data['state'] === 1

test('the vendor’s clients and the WebSocket channel work over TLS', async () => {
  assert.match(server.origin, /^https:\/\/localhost:\d+$/)
  const api = new ApiCaller(server)
  const agentId = await api.makeAgent(
    {},
    {
      asr: { provider: 'scripted', texts: ['Do you hear me?'] },
      llm: { provider: 'scripted', replies: [REPLY] },
      tts: { provider: 'scripted' },
      vad: { provider: 'energy' },
    },
  )
  const { caller, instanceId } = await api.startCall(agentId)
  await caller.play(sound('en_01.wav').subarray(0.4 * 16_000, 2.7 * 16_000))
  await until(() => caller.answered().size === 1 && isQuiet(caller))
  assert.deepEqual(caller.said(), ['Do you hear me?'])
  assert.deepEqual([...caller.answered().values()], [REPLY])
  const loud = caller.heard.filter(({ frame }) => frame.some((one) => Math.abs(one) > 500))
  assert.ok(Math.abs(loud.length * 20 - REPLY.length * 60) < 100, `${loud.length} frames`)

  const old = await api.vendor.callOld('ListAIAgentInstance', { AIAgentId: agentId })
  assert.equal((old['Instances'] as readonly { Status: string }[])[0]?.Status, 'Executing')
  await api.stop(instanceId)
  await until(() => caller.of(1010).length === 1 && !caller.isOpen)
  assert.equal((await api.log(instanceId)).dialog.length, 2)
})

test('a connection ends with its worker, another one goes on, and the server says good-bye', async () => {
  const api = new ApiCaller(server)
  const agentId = await api.makeAgent({ UserOfflineTimeout: 30, Greeting: 'Hello.' })
  const call = await api.startCall(agentId)
  await until(() => call.caller.answered().get(1) === 'Hello.')
  for (const pid of workersOf(server)) process.kill(pid, 'SIGKILL')
  await until(() => !call.caller.isOpen, 2000)
  const caller = await api.rejoin(call)
  await until(() => isQuiet(caller))
  assert.equal(await server.end('SIGINT'), 0)
  assert.equal(caller.of(1010).length, 1)
  assert.equal(caller.closeCode, 4002)
})
