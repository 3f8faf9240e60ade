import type { Clock } from '../base/clock.ts'
import { composeInstanceId } from '../base/ids.ts'
import type { CallRecord, Sentence, Turn } from './call-record.ts'
import type { AgentRecord, NewInstance, Store } from './store.ts'

/** A store to be tested. */
export interface StoreUnderTest {
  readonly store: Store
  /** The store that a server finds which starts after this one has gone. */
  restart(): Promise<StoreUnderTest>
  close(): Promise<void>
}

export const T0 = Date.UTC(2026, 2, 1, 12)
export const AGENT_ID = 'a'.repeat(32)

export const agent = (change: Partial<AgentRecord> = {}): AgentRecord => ({
  agentId: AGENT_ID,
  name: 'Zoë 你好',
  type: 'VoiceChat',
  agentConfig: '{"VoiceChat":{"Greeting":"Hi"}}',
  providers: '{"llm":{"provider":"builtin"}}',
  createdMs: T0,
  modifiedMs: T0,
  ...change,
})

/** An instance created `afterMs` after T0; `tail` tells apart those of one millisecond. */
export const instance = (
  afterMs = 0,
  tail = 0,
  change: Partial<NewInstance> = {},
): NewInstance => ({
  instanceId: composeInstanceId(T0 + afterMs, tail.toString(16).padStart(20, '0')),
  agentId: AGENT_ID,
  type: 'VoiceChat',
  channelId: `channel-${afterMs}-${tail}`,
  agentUserId: 'agent-user',
  runtimeConfig: `{"ChannelId":"channel-${afterMs}-${tail}"}`,
  agentConfig: '{"VoiceChat":{"Greeting":"你好"}}',
  templateConfig: '{"VoiceChat":{"Volume":100}}',
  providers: '{"asr":{"provider":"moonshine"}}',
  createdMs: T0 + afterMs,
  tokenLifeS: 3600,
  ...change,
})

export const sentence = (entryId: number, change: Partial<Sentence> = {}): Sentence => ({
  entryId,
  turnId: entryId,
  role: 'user',
  kind: 'normal',
  text: `sentence ${entryId}`,
  beginMs: T0 + entryId,
  isFinal: true,
  ...change,
})

export const turn = (turnId: number, change: Partial<Turn> = {}): Turn => ({
  turnId,
  history: [
    { role: 'user', content: 'hello' },
    { role: 'assistant', content: '你好' },
  ],
  ...change,
})

export const said = (...sentences: Sentence[]): CallRecord[] =>
  sentences.map((one) => ({ type: 'sentence', sentence: one }))

/** Opens stores for a test and closes them when all is done. */
export interface StoreHarness {
  opens(clock?: Clock): Promise<StoreUnderTest>
  restarts(before: StoreUnderTest): Promise<StoreUnderTest>
}
