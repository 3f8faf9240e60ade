import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { invalidParameter } from '../schema/errors.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireId } from '../schema/wire.ts'
import { agentName, agentParameters, readAgentTexts } from './agent-input.ts'
import { operation } from './operation.ts'
import { findAgent } from './start-call.ts'

/** Each parameter that is given replaces the whole of what was there. Running calls do not change. */
export const updateAIAgent = operation({
  name: 'UpdateAIAgent',
  version: OWN_VERSION,
  summary: 'Changes an agent; calls that run keep what they have.',
  errors: ['AgentNotFound'],
  input: Type.Object({
    AIAgentId: wireId(),
    Name: Type.Optional(agentName),
    ...agentParameters,
  }),
  about: {
    AIAgentId: 'The agent, by its id of 32 hexadecimal digits.',
    Name: 'What the agent is called, for people.',
    Type: 'Kind of agent. All take calls by voice; the pictures and avatars of the other kinds are not in effect yet.',
    AgentConfig: 'Its configuration; calls may lay theirs over it.',
    Providers:
      'Who recognises, thinks and speaks: JSON text {asr, llm, tts, vad: {provider, …options}}. What it leaves out is the choice of the server.',
  },
  output: Type.Object({}),
  run: (input, context) =>
    context.inTurn(`agent ${input.AIAgentId}`, async () => {
      const found = await findAgent(input.AIAgentId, context)
      if (!found.ok) return found
      const agent = found.value
      if (input.Type !== undefined && input.Type !== agent.type) {
        return fail(invalidParameter('Type', `the agent is of type ${agent.type} and stays it`))
      }
      const texts = readAgentTexts(input, agent)
      if (!texts.ok) return texts
      const name = input.Name ?? agent.name
      const modifiedMs = context.clock.wallMs()
      await context.store.putAgent({ ...agent, name, ...texts.value, modifiedMs })
      return ok({})
    }),
})
