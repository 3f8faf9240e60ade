import type { Clock } from '../base/clock.ts'
import type { Ids } from '../base/ids.ts'
import type { Store } from '../ports/store.ts'

const NAME = 'Demo'

const CONFIG = {
  Greeting: 'Hello! I am the demo agent. Ask me something.',
  UserOfflineTimeout: 30,
  LlmConfig: {
    LlmSystemPrompt:
      'You are a friendly voice assistant. Answer in one or two short spoken sentences, ' +
      'without lists, markup or emoji.',
  },
}

/** On the very first start there is somebody to talk to. A deleted demo agent does not come back. */
export async function ensureDemoAgent(deps: {
  readonly store: Store
  readonly ids: Ids
  readonly clock: Clock
}): Promise<void> {
  const { store, ids, clock } = deps
  if (await store.hasAgents()) return
  const nowMs = clock.wallMs()
  await store.putAgent({
    agentId: ids.hex32(),
    name: NAME,
    type: 'VoiceChat',
    agentConfig: JSON.stringify(CONFIG),
    providers: '{}',
    createdMs: nowMs,
    modifiedMs: nowMs,
  })
}
