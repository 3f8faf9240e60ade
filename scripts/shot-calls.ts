/** What the pages of `npm run shots` have to show: agents, and real calls in which something happens. */
import { ApiCaller, type HeldCall } from '../server/test/system/api-caller.ts'
import { until, type Antiphon } from '../server/test/system/antiphon-process.ts'
import { hum } from '../server/test/system/hum.ts'
import { startModelServer } from '../server/test/system/model-server.ts'
import { sound } from '../server/test/system/socket-caller.ts'

/** What takes the place of the capitals in the addresses of scenes. */
export interface Places {
  readonly AGENT: string
  readonly CALL: string
  readonly LIVE: string
  readonly MODEL: string
}

const LISTENING = 1
const MODEL = 'small-1'

/**
 * A recorded call with an interruption and a false one, one in which nobody spoke, one whose model does not answer,
 * and one that goes on.
 */
export async function makeCalls(antiphon: Antiphon): Promise<Places> {
  const api = new ApiCaller(antiphon)
  const model = await startModelServer(() => 'Certainly.', { key: 'right', model: MODEL })
  const support = await makeAgent(api, 'Support', {
    Greeting: 'Hello! This is the support desk. What can I do for you today?',
    LlmConfig: { LlmSystemPrompt: 'You are a friendly support agent. Answer in one sentence.' },
    AsrConfig: { AsrMaxSilence: 600 },
    antiphon: { Recording: 'Call' },
  })
  const night = await makeAgent(
    api,
    'Night desk',
    { Greeting: 'Good evening.' },
    { llm: { provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: MODEL } },
  )
  await api.stop((await api.startCall(support)).instanceId)
  const lively = await livelyCall(api, support)
  const failing = await api.startCall(night)
  await ask(failing, 'en_01.wav', 12_000)
  await api.stop(failing.instanceId)
  const live = await api.startCall(support)
  await ask(live, 'en_06.wav', 12_000)
  return { AGENT: support, CALL: lively, LIVE: live.instanceId, MODEL: model.baseUrl }
}

async function makeAgent(
  api: ApiCaller,
  name: string,
  config: object,
  providers: object = {},
): Promise<string> {
  const agentId = await api.makeAgent(config, providers)
  await api.vendor.call('UpdateAIAgent', { AIAgentId: agentId, Name: name }, '2026-11-01')
  return agentId
}

/** The agent is asked, interrupted, hummed at, and asked again. */
async function livelyCall(api: ApiCaller, agentId: string): Promise<string> {
  const call = await api.startCall(agentId)
  await isSilent(call)
  await ask(call, 'en_09.wav', 1500)
  await call.caller.play(sound('en_05.wav'))
  await pause(2500)
  await call.caller.play(hum())
  await isSilent(call)
  await ask(call, 'en_01.wav', 12_000)
  await api.stop(call.instanceId)
  await pause(1000)
  return call.instanceId
}

/** Asks, and waits so long for the answer to come to its end. */
async function ask(call: HeldCall, file: string, limitMs: number): Promise<void> {
  await isSilent(call)
  const answers = call.caller.answered().size
  await call.caller.play(sound(file))
  const end = Date.now() + limitMs
  await until(() => call.caller.answered().size > answers || Date.now() > end)
  await Promise.race([isSilent(call), pause(Math.max(0, end - Date.now()))])
}

const isSilent = async ({ caller }: HeldCall): Promise<void> => {
  await pause(500)
  await until(() => caller.of(1001).at(-1)?.data['state'] === LISTENING)
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
