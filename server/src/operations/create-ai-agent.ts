import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { agentName, agentParameters, readAgentTexts } from './agent-input.ts'
import { operation } from './operation.ts'

export const createAIAgent = operation({
  name: 'CreateAIAgent',
  version: OWN_VERSION,
  summary: 'Makes an agent.',
  errors: [],
  input: Type.Object({ Name: agentName, ...agentParameters }),
  about: {
    Name: 'What the agent is called, for people.',
    Type: 'Kind of agent. All take calls by voice; the pictures and avatars of the other kinds are not in effect yet.',
    AgentConfig: 'Its configuration; calls may lay theirs over it.',
    Providers:
      'Who recognises, thinks and speaks: JSON text {asr, llm, tts, vad: {provider, …options}}. What it leaves out is the choice of the server.',
  },
  output: Type.Object(
    described({ AIAgentId: Type.String() }, { AIAgentId: 'Its id, which calls are started with.' }),
  ),
  run: async (input, { store, ids, clock }) => {
    const texts = readAgentTexts(input, { agentConfig: '{}', providers: '{}' })
    if (!texts.ok) return texts
    const agentId = ids.hex32()
    const createdMs = clock.wallMs()
    await store.putAgent({
      agentId,
      name: input.Name,
      type: input.Type ?? 'VoiceChat',
      ...texts.value,
      createdMs,
      modifiedMs: createdMs,
    })
    return ok({ AIAgentId: agentId })
  },
})
