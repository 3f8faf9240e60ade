import { ask } from './api.ts'
import { shared } from './value.ts'

/** Whether this browser is signed in; `unknown` until the server has said. */
export const session = shared<'unknown' | 'signed-in' | 'signed-out' | 'server-gone'>('unknown')

/** An operation said so: the session has ended. */
export function signedOut(): void {
  session.set('signed-out')
}

/** Asks the server whether this browser's session is good. */
export async function checkSession(): Promise<void> {
  const answer = await ask({ action: 'ListAIAgents', parameters: { PageSize: 1 } })
  if (answer.ok || answer.failure.type === 'refused') session.set('signed-in')
  else session.set(answer.failure.type === 'signed-out' ? 'signed-out' : 'server-gone')
}
