import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { ok } from '../base/result.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { simulatedIds } from '../base/simulated-ids.ts'
import type { Channel } from '../ports/channel.ts'
import type { FromWorker } from '../ports/worker-protocol.ts'
import { energyVad } from '../providers/energy/energy-vad.ts'
import { scriptedAsr } from '../providers/scripted/asr.ts'
import { scriptedLlm } from '../providers/scripted/llm.ts'
import { scriptedTts } from '../providers/scripted/tts.ts'
import { Switchboard } from './switchboard.ts'

interface Scene {
  readonly clock: SimulatedClock
  readonly switchboard: Switchboard
  readonly sent: FromWorker[]
  /** How the request was answered so far. */
  answer(requestId: number): string
  /** All that was recorded is durable. */
  store(): void
}

function open(): Scene {
  const clock = new SimulatedClock({ wallMs: 1_790_000_000_000 })
  const sent: FromWorker[] = []
  const switchboard = new Switchboard({
    clock,
    ids: simulatedIds(3),
    log: silentLog,
    send: (message) => sent.push(message),
    makeToken: () => 'token',
    providersFor: () =>
      ok({
        asr: scriptedAsr(clock),
        llm: scriptedLlm(clock),
        tts: scriptedTts(clock),
        vad: energyVad(),
      }),
  })
  const call = {
    instanceId: 'i',
    type: 'VoiceChat',
    agentId: 'a',
    channelId: 'c',
    agentUserId: 'agent',
    agentConfig: '{}',
    providers: '{}',
    createdMs: clock.wallMs(),
    tokenLifeS: 60,
  } as const
  switchboard.start({ type: 'call-start', requestId: 1, call })
  return {
    clock,
    switchboard,
    sent,
    answer: (requestId) => {
      const answers = sent.flatMap((message) =>
        'requestId' in message && message.requestId === requestId ? [message] : [],
      )
      assert.ok(answers.length <= 1, 'answered twice')
      const [answer] = answers
      return answer?.type === 'refusal' ? answer.code : (answer?.type ?? 'none')
    },
    store: () => {
      const seq = Math.max(0, ...sent.map((one) => (one.type === 'record' ? one.seq : 0)))
      switchboard.stored({ type: 'stored', instanceId: 'i', seq })
    },
  }
}

const takeOver = { type: 'takeover', humanUserId: 'jo' } as const

test('a takeover is acknowledged once it is stored', () => {
  const { clock, switchboard, answer, store } = open()
  store()
  switchboard.command({ type: 'call-command', requestId: 2, instanceId: 'i', command: takeOver })
  clock.advance(1000)
  assert.equal(answer(2), 'none')
  store()
  assert.equal(answer(2), 'reply')
  clock.advance(10_000)
  assert.equal(answer(2), 'reply')
})

test('a store that does not answer is not waited for without end', () => {
  const { clock, switchboard, answer, store } = open()
  store()
  switchboard.command({ type: 'call-command', requestId: 2, instanceId: 'i', command: takeOver })
  clock.advance(5000)
  assert.equal(answer(2), 'not-stored')
  store()
  assert.equal(answer(2), 'not-stored', 'one answer only')
})

test('what a call cannot do, and a call that is not there, are refused at once', () => {
  const { switchboard, answer } = open()
  const message = { type: 'custom-message', message: '{}' } as const
  switchboard.command({ type: 'call-command', requestId: 2, instanceId: 'i', command: message })
  assert.equal(answer(2), 'nobody-there')
  switchboard.command({ type: 'call-command', requestId: 3, instanceId: 'x', command: takeOver })
  assert.equal(answer(3), 'gone')
})

test('who hangs up for good ends the call, but not from a connection that was replaced', () => {
  const { switchboard, sent, clock, store } = open()
  const connect = (connectionId: string): { readonly closed: string[]; close(): void } => {
    const joined = switchboard.join('c', 'alice')
    assert.ok(joined.ok)
    const closed: string[] = []
    const channel: Channel = {
      connectionId,
      userId: 'alice',
      readAudio: () => undefined,
      writeAudio: () => undefined,
      sendMessage: () => undefined,
      close: (reason) => closed.push(reason),
    }
    joined.value.opened(channel)
    joined.value.events.onOpen()
    return { closed, close: () => joined.value.events.onClose('lost') }
  }
  const isEnded = (): boolean => {
    clock.advance(1000)
    store()
    clock.advance(1000)
    return sent.some(({ type }) => type === 'call-ended')
  }
  const leaving = { channelId: 'c', userId: 'alice', isStop: true }
  const first = connect('first')
  const second = connect('second')
  switchboard.hangUp({ ...leaving, connectionId: 'first' })
  assert.equal(isEnded(), false)
  switchboard.hangUp({ ...leaving, connectionId: 'second', isStop: false })
  assert.deepEqual([first.closed, second.closed], [['replaced'], ['hang-up']])
  assert.equal(isEnded(), false, 'the user may come back')
  second.close()
  // Its connection broke just before its last word came.
  switchboard.hangUp({ ...leaving, connectionId: 'second' })
  assert.equal(isEnded(), true)
})
