/** Power cuts: the whole server is killed with calls under way, and started again on the same data folder. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startAntiphon, temporaryFolder, until, type Antiphon } from './antiphon-process.ts'
import { ApiCaller, type HeldCall, type Log } from './api-caller.ts'
import { startModelServer, type ModelServer } from './model-server.ts'
import { isAlive, killAll, workersOf } from './server-processes.ts'
import { sound, type SocketCaller } from './socket-caller.ts'

/** From the kill to the start after it: tells the end of the call from the time of the restart. */
const DOWN_MS = 2000
/** How long the server may not have noted that its calls were alive. */
const BEAT_MS = 1000
/** Takes longer to say than the other calls need to get where they are killed. */
const LONG_REPLY = `The train leaves at nine, ${'and an hour later again, '.repeat(12)}every day.`

const folder = temporaryFolder()
const speech = sound('en_01.wav').subarray(0.4 * 16_000, 2.7 * 16_000)
const endless = Int16Array.from({ length: 16_000 * 30 }, (_, at) => speech[at % speech.length] ?? 0)
let model: ModelServer
let server: Antiphon
let api: ApiCaller
let killedMs = 0
/** Nobody comes back to these. */
const left = new Map<string, HeldCall>()
/** To these the client comes back, `UserOfflineTimeout` not being over. */
const rejoined = new Map<string, HeldCall>()
let silences = 0

const offlineS = (seconds: number): object => ({ UserOfflineTimeout: seconds })
const ears = (...texts: readonly string[]): object => ({
  asr: { provider: 'scripted', texts, partials: true },
  vad: { provider: 'energy' },
})
const fakeModel = (): object => ({
  llm: { provider: 'openai', baseUrl: model.baseUrl, model: 'fake' },
  tts: { provider: 'scripted', msPerChar: 50 },
})
const isQuiet = (caller?: SocketCaller): boolean => caller?.of(1001).at(-1)?.data['state'] === 1
const partials = (caller: SocketCaller): readonly string[] =>
  caller
    .of(1003)
    .filter(({ data }) => data['end'] === false)
    .map(({ data }) => String(data['text']))

/** One question, the whole answer, silence. */
async function exchange(caller: SocketCaller): Promise<void> {
  const before = caller.said().length
  await caller.play(speech)
  await until(() => caller.said().length > before && isQuiet(caller))
}

before(async () => {
  model = await startModelServer((said) => {
    if (said.includes('train')) return LONG_REPLY
    // The first time the power fails over it.
    if (said.includes('weather') && silences++ === 0) return undefined
    return `You said: ${said}`
  })
  server = await startAntiphon({ folder, env: { ANTIPHON_WORKERS: '2' } })
  api = new ApiCaller(server)
  await Promise.all([leaveCalls(), loseCalls()])
  killedMs = await killAll(server)
  await pause(DOWN_MS)
  server = await startAntiphon({ folder, isReady: false })
  api = new ApiCaller(server)
})
after(async () => {
  model.close()
  await server.end()
})

/** Brings calls to where the kill is to find them: those that nobody comes back to. */
async function leaveCalls(): Promise<void> {
  const real = await api.makeAgent({ ...offlineS(2), Greeting: 'Hello there.' })
  // The pauses between its words must not end the endless sentence.
  const patient = { ...offlineS(2), AsrConfig: { AsrMaxSilence: 1200 } }
  const scripted = await api.makeAgent(patient, {
    ...ears('When does the train leave?'),
    ...fakeModel(),
  })
  const [speaking, listening, talking] = await Promise.all([
    api.startCall(scripted),
    api.startCall(scripted),
    api.startCall(real),
  ])
  left.set('in the middle of an answer', speaking)
  left.set('in the middle of the user’s sentence', listening)
  left.set('after a real conversation', talking)
  void listening.caller.play(endless).catch(() => {})
  await Promise.all([speaking.caller.play(speech), talking.caller.play(speech)])
  await until(() => partials(listening.caller).length >= 2)
  await until(() => speaking.caller.answered().size > 0)
  await until(() => talking.caller.said().length === 1 && isQuiet(talking.caller))
}

/** Those that the client comes back to. */
async function loseCalls(): Promise<void> {
  const agentId = await api.makeAgent(offlineS(60), {
    ...ears('What is the weather like?'),
    ...fakeModel(),
  })
  const talker = await api.makeAgent(offlineS(60), {
    ...ears('My name is Ada.', 'When does the train leave?'),
    ...fakeModel(),
  })
  const [asking, talking] = await Promise.all([api.startCall(agentId), api.startCall(talker)])
  rejoined.set('asking', asking)
  rejoined.set('talking', talking)
  await exchange(talking.caller)
  await Promise.all([talking, asking].map(({ caller }) => caller.play(speech)))
  await until(() => talking.caller.answered().size === 2)
  await until(() => asking.caller.said().length === 1 && silences === 1)
}

const textsOf = ({ dialog, antiphon }: Log, role: string): ReadonlyMap<number, string> => {
  const turnOf = new Map(antiphon.sentences.map(({ id, turnId }) => [id, turnId]))
  const said = dialog.filter((entry) => entry.role === role)
  return new Map(said.map(({ id, text }) => [turnOf.get(id) ?? 0, text]))
}

/** Every subtitle that had arrived is in the log, whole or as the beginning of what was said. */
function assertLogged(caller: SocketCaller, log: Log): void {
  const told = new Map<number, string>()
  for (const { data } of caller.of(1003)) told.set(Number(data['sentenceId']), String(data['text']))
  const said = textsOf(log, 'user')
  for (const [turnId, text] of told) assert.ok(said.get(turnId)?.startsWith(text), text)
  const answered = textsOf(log, 'agent')
  for (const [turnId, text] of caller.answered())
    assert.ok(answered.get(turnId)?.startsWith(text.trim()), `${text} | ${answered.get(turnId)}`)
}

test('after the restart the calls are listed as under way, whoever may come back', async () => {
  for (const [name, { instanceId, caller }] of [...left, ...rejoined]) {
    assert.equal(await api.status(instanceId), 'Executing', name)
    assert.equal(caller.closeCode, 1006, name)
  }
  assert.deepEqual(left.get('in the middle of the user’s sentence')?.caller.said(), [])
  assert.equal(isQuiet(left.get('in the middle of an answer')?.caller), false)
  assert.equal(await api.listedStatus([...left.values()][0]?.agentId ?? ''), 'Executing')
})

test('the question that was not answered is answered when its user is back', async () => {
  const held = rejoined.get('asking')
  assert.ok(held !== undefined)
  const caller = await api.rejoin(held)
  await until(() => isQuiet(caller) && caller.answered().size === 1)
  assert.deepEqual([...caller.answered().values()], ['You said: What is the weather like?'])
  const [turnId] = caller.answered().keys()
  assert.equal(turnId, held.caller.of(1003).at(-1)?.data['sentenceId'])
  await api.stop(held.instanceId)
  const { dialog } = await api.log(held.instanceId)
  assert.deepEqual(
    dialog.map(({ role, text }) => `${role}: ${text}`),
    ['user: What is the weather like?', 'agent: You said: What is the weather like?'],
  )
})

test('the call goes on with its history and its numbers', async () => {
  const held = rejoined.get('talking')
  assert.ok(held !== undefined)
  const caller = await api.rejoin(held)
  await exchange(caller)
  const messages = model.requests.at(-1)?.filter(({ role }) => role !== 'system') ?? []
  assert.deepEqual(messages.slice(0, 3), [
    { role: 'user', content: 'My name is Ada.' },
    { role: 'assistant', content: 'You said: My name is Ada.' },
    { role: 'user', content: 'When does the train leave?' },
  ])
  const cut = messages[3]
  assert.equal(cut?.role, 'assistant')
  assert.ok(cut !== undefined && cut.content !== '' && LONG_REPLY.startsWith(cut.content))
  assert.deepEqual(messages.slice(4), [{ role: 'user', content: 'My name is Ada.' }])
  const ids = (of: SocketCaller): number[] =>
    of.messages
      .filter(({ type }) => type === 1002 || type === 1003)
      .map(({ data }) => Number(data['sentenceId']))
  assert.ok(Math.min(...ids(caller)) > Math.max(...ids(held.caller)))
  await api.stop(held.instanceId)
  const log = await api.log(held.instanceId)
  assertLogged(held.caller, log)
  assertLogged(caller, log)
  assert.deepEqual(
    log.dialog.map(({ id }) => id),
    [1, 2, 3, 4, 5, 6],
  )
})

test('a call that nobody comes back to ended when the server died, and its log is whole', async () => {
  for (const [name, { instanceId, caller }] of left) {
    await until(async () => (await api.status(instanceId)) === 'Finished')
    const log = await api.log(instanceId)
    assert.equal(log.antiphon.endReason, 'lost', name)
    const endMs = log.antiphon.endTime * 1000
    assert.ok(endMs <= killedMs + 50 && endMs > killedMs - BEAT_MS - 500, `${name}: ${endMs}`)
    const { GmtModified } = await api.instance(instanceId)
    assert.equal(Math.floor(Date.parse(GmtModified) / 1000), Math.floor(endMs / 1000))
    assert.ok(log.dialog.length > 0, name)
    assertLogged(caller, log)
  }
})

test('no worker outlives its server', async () => {
  const workers = workersOf(server)
  assert.equal(workers.length, 1)
  await server.end('SIGKILL')
  await until(() => !workers.some(isAlive), 2000)
})
