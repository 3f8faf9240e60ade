import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { CallRecord } from '../ports/call-record.ts'
import { LIVE_EVERY_MS, type LiveCall, type LiveWatcher } from '../ports/live-calls.ts'
import { LISTED_LIMIT } from './live-list.ts'
import { READER_LIMIT } from './live-route.ts'
import { SLOW_MS } from './live-stream.ts'
import { ask, openLoopback, storedCall, type Loopback } from './loopback.ts'

const callOf = (number: number, phase: 'listening' | 'speaking' = 'listening'): LiveCall => ({
  spec: {
    instanceId: `call-${number}`,
    agentId: 'agent',
    type: 'VoiceChat',
    channelId: 'channel',
    createdMs: number,
  },
  state: {
    instanceId: `call-${number}`,
    phase,
    isUserSpeaking: false,
    users: 1,
    sentences: 0,
    interruptions: 0,
  },
})

/** Running calls that a test moves. */
class Stage {
  calls: LiveCall[] = []
  readonly watchers = new Set<LiveWatcher>()

  get count(): number {
    return this.calls.length
  }

  running(): readonly LiveCall[] {
    return this.calls
  }

  watch(watcher: LiveWatcher): () => void {
    this.watchers.add(watcher)
    return () => void this.watchers.delete(watcher)
  }

  change(call: LiveCall): void {
    for (const watcher of this.watchers) watcher.onCall(call)
  }

  record(instanceId: string, ...records: readonly CallRecord[]): void {
    for (const watcher of this.watchers) watcher.onRecords(instanceId, records)
  }

  end(instanceId: string): void {
    this.calls = this.calls.filter(({ spec }) => spec.instanceId !== instanceId)
    for (const watcher of this.watchers) watcher.onEnd(instanceId)
  }
}

interface Reader {
  /** The next events, by name. */
  events(): Promise<readonly (readonly [string, Readonly<Record<string, unknown>>])[]>
  close(): Promise<void>
}

async function open(
  t: TestContext,
  change: Parameters<typeof openLoopback>[0] = {},
): Promise<{
  server: Loopback
  stage: Stage
  cookie: string
  read(query?: string): Promise<Reader>
}> {
  const stage = new Stage()
  const server = await openLoopback({ live: stage, ...change })
  t.after(() => {
    server.deps.liveReaders.close()
    return server.server.close()
  })
  const link = `/?token=${server.deps.sessions.issueToken()}`
  const { headers } = await ask(server, 'GET', link, { headers: { Accept: 'text/html' } })
  const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const read = async (query = ''): Promise<Reader> => {
    const aborter = new AbortController()
    const response = await fetch(`http://127.0.0.1:${server.port}/console/live${query}`, {
      headers: { cookie, 'x-antiphon-console': '1' },
      signal: aborter.signal,
    })
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    const reader = response.body?.getReader()
    assert.ok(reader !== undefined)
    return {
      events: async () => {
        const { value } = await reader.read()
        const text = new TextDecoder().decode(value)
        return [...text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(
          ([, name = '', data = '']) => [name, JSON.parse(data)] as const,
        )
      },
      close: async () => {
        aborter.abort()
        await reader.closed.catch(() => {})
      },
    }
  }
  return { server, stage, cookie, read }
}

const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate)
}

test('only a signed-in console may look on', async (t) => {
  const { server, stage, cookie } = await open(t)
  const attempts: Record<string, string>[] = [{}, { cookie }, { 'x-antiphon-console': '1' }]
  for (const headers of attempts) {
    const answer = await ask(server, 'GET', '/console/live', { headers })
    assert.equal(answer.status, 401)
    assert.equal(JSON.parse(answer.text).Code, 'MissingAccessKeyId')
  }
  assert.equal(stage.watchers.size, 0)
})

test('a reader is told of all calls, then of what changes, at most every 250 ms', async (t) => {
  const { server, stage, read } = await open(t)
  stage.calls = [callOf(2), callOf(1)]
  const reader = await read()
  const [[name, first] = ['', {}]] = await reader.events()
  assert.equal(name, 'calls')
  assert.deepEqual([first['total'], first['isWhole']], [2, true])
  const ids = (first['calls'] as { instanceId: string }[]).map(({ instanceId }) => instanceId)
  assert.deepEqual(ids, ['call-2', 'call-1'])
  stage.change(callOf(2, 'speaking'))
  stage.change(callOf(2, 'listening'))
  stage.change(callOf(2, 'speaking'))
  stage.end('call-1')
  await settled()
  server.clock.advance(LIVE_EVERY_MS)
  const [[, next] = ['', {}], ...others] = await reader.events()
  assert.deepEqual(others, [])
  assert.deepEqual([next['total'], next['isWhole'], next['ended']], [1, false, ['call-1']])
  assert.deepEqual(
    (next['calls'] as { phase: string }[]).map(({ phase }) => phase),
    ['speaking'],
  )
  await reader.close()
  while (stage.watchers.size > 0) await settled()
})

test('of very many calls the newest are told, and others when those have ended', async (t) => {
  const { server, stage, read } = await open(t)
  stage.calls = Array.from({ length: LISTED_LIMIT + 5 }, (_, index) => callOf(1000 - index))
  const reader = await read()
  const [[, first] = ['', {}]] = await reader.events()
  assert.deepEqual(
    [first['total'], (first['calls'] as unknown[]).length],
    [LISTED_LIMIT + 5, LISTED_LIMIT],
  )
  stage.change(callOf(1))
  stage.end('call-1000')
  await settled()
  server.clock.advance(LIVE_EVERY_MS)
  const [[, next] = ['', {}]] = await reader.events()
  assert.equal(next['total'], LISTED_LIMIT + 4)
  assert.deepEqual(
    (next['calls'] as { instanceId: string }[]).map(({ instanceId }) => instanceId),
    [`call-${1000 - LISTED_LIMIT}`],
  )
})

const SECRET = 'My number is 4711.'

test('what is said is told of the one call that is asked for', async (t) => {
  const call = storedCall({ status: 'Executing' })
  const { instanceId, executingMs = 0 } = call.instance
  const { server, stage, read } = await open(t, {
    store: {
      getCall: () => Promise.resolve(call),
      getTrace: () => Promise.resolve({ decisions: [], stretches: [] }),
    },
  })
  const live = callOf(1)
  stage.calls = [{ ...live, spec: { ...live.spec, instanceId } }]
  const list = await read()
  const one = await read(`?call=${instanceId}`)
  await list.events()
  const first = await one.events()
  assert.deepEqual(
    first.map(([name]) => name),
    ['state', 'log'],
  )
  stage.record(
    instanceId,
    {
      type: 'sentence',
      sentence: {
        entryId: 9,
        turnId: 4,
        role: 'user',
        kind: 'normal',
        text: SECRET,
        beginMs: executingMs + 1500,
        isFinal: true,
      },
    },
    {
      type: 'decision',
      decision: { kind: 'turn-end', atMs: executingMs + 2000, turnId: 4, words: 'x', figures: {} },
    },
  )
  stage.change({ ...live, spec: { ...live.spec, instanceId } })
  stage.record('call-77', { type: 'finished', atMs: 1, reason: 'idle' })
  await settled()
  server.clock.advance(LIVE_EVERY_MS)
  const next = await one.events()
  const more = next.find(([name]) => name === 'more')?.[1] ?? {}
  assert.deepEqual(more['dialog'], [
    { id: 9, begin: 1.5, role: 'user', type: 'normal', text: SECRET },
  ])
  assert.equal((more['decisions'] as { atMs: number }[])[0]?.atMs, 2000)
  assert.ok(!JSON.stringify(await list.events()).includes(SECRET))
  stage.end(instanceId)
  await settled()
  server.clock.advance(LIVE_EVERY_MS)
  assert.deepEqual(await one.events(), [['end', {}]])
})

test('a reader that takes nothing is dropped; there is a limit to how many there are', async (t) => {
  const { server, stage } = await open(t)
  stage.calls = [callOf(1)]
  const { liveReaders } = server.deps
  const request = { method: 'GET', target: '', headers: [], body: new Uint8Array() }
  const deps = { ...server.deps, sessions: { ...server.deps.sessions, signedInAs: () => ({}) } }
  const raw = { ...request, isSecure: false, remoteAddress: '' }
  const { stream } = liveReaders.answer(raw, '', 'id', deps)
  assert.ok(stream !== undefined)
  const reader = stream[Symbol.asyncIterator]()
  assert.equal((await reader.next()).done, false)
  stage.change(callOf(1))
  server.clock.advance(SLOW_MS + 1)
  assert.equal(stage.watchers.size, 1)
  stage.change(callOf(1))
  assert.equal(stage.watchers.size, 0)
  assert.equal((await reader.next()).done, true)
  const answers = Array.from({ length: READER_LIMIT + 1 }, () =>
    liveReaders.answer(raw, '', 'id', deps),
  )
  assert.deepEqual(
    answers.slice(-2).map(({ status }) => status),
    [200, 503],
  )
})

test('a key that may not look on is told so, and one that may no more hears nothing more', async (t) => {
  let mayLook = true
  const asked: string[] = []
  const mayCall = (_: unknown, action: string): boolean => {
    asked.push(action)
    return mayLook
  }
  const { server, stage, cookie, read } = await open(t, { mayCall })
  stage.calls = [callOf(1)]
  const one = await read('?call=call-1')
  assert.equal((await one.events()).at(0)?.[0], 'state')
  mayLook = false
  stage.change(callOf(1, 'speaking'))
  await settled()
  server.clock.advance(LIVE_EVERY_MS)
  await settled()
  assert.equal(stage.watchers.size, 0)
  const headers = { Cookie: cookie, 'X-Antiphon-Console': '1' }
  const refused = await ask(server, 'GET', '/console/live', { headers })
  assert.deepEqual([refused.status, JSON.parse(refused.text).Code], [403, 'NoPermission'])
  assert.deepEqual([asked[0], asked.at(-1)], ['DescribeAIAgentInstance', 'SearchAIAgentInstances'])
})
