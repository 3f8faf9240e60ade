import { useEffect, useState } from 'preact/hooks'
import type { ApiFailure, Answer } from '../../base/api.ts'
import type { Schema } from '../../base/open-api.ts'
import type { Agent, Config } from './agents.ts'

export const CONFIG: Schema = { $ref: '#/components/schemas/AIAgentConfig' }

/** What is being edited, beside what is stored. */
export interface Draft {
  readonly name: string
  readonly config: Config
  readonly providers: Config
}

export const draftOf = ({ name, config, providers }: Agent): Draft => ({ name, config, providers })

export const isSame = (one: Draft, other: Draft): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** Names the field of the forms that the server's refusal is about, when it is about one. */
export function refusedPath(failure: ApiFailure): string | undefined {
  if (failure.type !== 'refused') return undefined
  return /AgentConfig\.([\w.[\]]+)/.exec(failure.message)?.[1]
}

/** The browser asks before a page with unsaved changes is left. */
export function useLeaveGuard(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [isChanged])
}

/** Runs a task and tells whether it is under way. */
export function useTask<Value>(
  task: () => Promise<Answer<Value>>,
): readonly [run: () => Promise<Answer<Value>>, isBusy: boolean] {
  const [isBusy, setBusy] = useState(false)
  const run = async (): Promise<Answer<Value>> => {
    setBusy(true)
    try {
      return await task()
    } finally {
      setBusy(false)
    }
  }
  return [run, isBusy]
}

/** The first request of a call to the model, as the agent's configuration makes it. */
export function firstMessages(
  config: Config,
  userSays: string,
): readonly { readonly role: string; readonly content: string }[] {
  const llm = (config['LlmConfig'] ?? {}) as Config
  const history = Array.isArray(llm['LlmHistory']) ? (llm['LlmHistory'] as readonly Config[]) : []
  const prompt = llm['LlmSystemPrompt']
  const greeting = config['Greeting']
  return [
    ...(typeof prompt === 'string' && prompt !== '' ? [{ role: 'system', content: prompt }] : []),
    ...history.map((message) => ({
      role: String(message['Role'] || 'user'),
      content: String(message['Content'] ?? ''),
    })),
    ...(typeof greeting === 'string' && greeting !== ''
      ? [{ role: 'assistant', content: greeting }]
      : []),
    { role: 'user', content: userSays },
  ]
}
