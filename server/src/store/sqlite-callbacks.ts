import type { Log } from '../base/log.ts'
import type { CallbackStore, NotifyConfig } from '../ports/callback-store.ts'
import type { CallbackChange, CallbackReader, SealedNotifyConfig } from './callback-rows.ts'
import type { SecretBox } from './secret-box.ts'
import type { WriteOutcome } from './write.ts'

interface Parts {
  reader(): CallbackReader
  write(change: CallbackChange): Promise<WriteOutcome>
  readonly secrets: SecretBox | undefined
  readonly log: Log
}

const placeOf = (agentId: string, what: 'token' | 'signing secret'): string =>
  `callback ${what} of ${agentId}`

/** The queue of callbacks of a `SqliteStore`; tokens and signing secrets are encrypted at rest. */
export class SqliteCallbacks implements CallbackStore {
  readonly #parts: Parts
  #listener: (agentId: string) => void = () => {}

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** A record of a call has queued something. */
  queued(agentId: string): void {
    this.#listener(agentId)
  }

  onQueued(listener: (agentId: string) => void): void {
    this.#listener = listener
  }

  async putNotifyConfig(agentId: string, config: NotifyConfig, atMs: number): Promise<void> {
    const sealed = this.#sealed(agentId, config)
    await this.#write({ type: 'config-put', agentId, config: sealed, atMs })
    this.#listener(agentId)
  }

  async notifyConfig(agentId: string): Promise<NotifyConfig | undefined> {
    const sealed = this.#parts.reader().config(agentId)
    if (sealed === undefined) return undefined
    const { token, signingSecret } = sealed
    return {
      ...sealed,
      token: this.#opened(token, placeOf(agentId, 'token')),
      signingSecret: this.#opened(signingSecret, placeOf(agentId, 'signing secret')),
    }
  }

  async receivers(): ReturnType<CallbackStore['receivers']> {
    return this.#parts.reader().receivers()
  }

  async nextCallbacks(agentId: string, limit: number): ReturnType<CallbackStore['nextCallbacks']> {
    return this.#parts.reader().next(agentId, limit)
  }

  async settleCallback(...[callbackNo, outcome]: Parameters<CallbackStore['settleCallback']>) {
    await this.#write({ type: 'settle', callbackNo, outcome })
  }

  async listCallbacks(
    query: Parameters<CallbackStore['listCallbacks']>[0],
  ): ReturnType<CallbackStore['listCallbacks']> {
    const offset = (query.pageNumber - 1) * query.pageSize
    return this.#parts.reader().list(query, query.pageSize, offset)
  }

  async countCallbacks(query: Parameters<CallbackStore['countCallbacks']>[0]): Promise<number> {
    return this.#parts.reader().count(query)
  }

  async resendCallbacks(
    ...[filter, atMs]: Parameters<CallbackStore['resendCallbacks']>
  ): Promise<number> {
    const resent = await this.#write({ type: 'resend', filter, atMs })
    if (resent > 0) for (const { agentId } of await this.receivers()) this.#listener(agentId)
    return resent
  }

  sweepCallbacks(failedBeforeMs: number, limit: number): Promise<number> {
    return this.#write({ type: 'sweep', failedBeforeMs, limit })
  }

  async #write(change: CallbackChange): Promise<number> {
    const outcome = await this.#parts.write(change)
    return outcome.type === 'done' ? (outcome.rows ?? 0) : 0
  }

  #sealed(agentId: string, config: NotifyConfig): SealedNotifyConfig {
    const { token, signingSecret, ...rest } = config
    const seal = (text: string, place: string): Uint8Array => {
      const box = this.#parts.secrets
      if (box === undefined) throw new Error('The store was opened without a key for secrets.')
      return box.seal(text, place)
    }
    return {
      ...rest,
      ...(token !== '' && { token: seal(token, placeOf(agentId, 'token')) }),
      ...(signingSecret !== '' && {
        signingSecret: seal(signingSecret, placeOf(agentId, 'signing secret')),
      }),
    }
  }

  #opened(sealed: Uint8Array | undefined, place: string): string {
    if (sealed === undefined) return ''
    const plain = this.#parts.secrets?.open(sealed, place)
    if (plain === undefined) {
      this.#parts.log.error('a secret cannot be decrypted: was the server-secret file replaced?', {
        secret: place,
      })
    }
    return plain ?? ''
  }
}
