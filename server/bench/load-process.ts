import { fork, type ChildProcess } from 'node:child_process'
import type { CallerPlan, CallerReport, FromLoad, ToLoad } from './load-protocol.ts'

/** A process that plays callers, so that what they cost is not taken for the server's. */
export class LoadProcess {
  readonly #child: ChildProcess = fork(new URL('./load.ts', import.meta.url))

  /** Resolves when all are connected. */
  async connect(plans: readonly CallerPlan[]): Promise<void> {
    const connected = this.#next('connected')
    this.#say({ type: 'connect', plans })
    await connected
  }

  /** What happens from now on counts. */
  measure(): void {
    this.#say({ type: 'measure' })
  }

  /** What the callers have seen so far. */
  async report(): Promise<readonly CallerReport[]> {
    const reported = this.#next('reports')
    this.#say({ type: 'report' })
    return (await reported).reports
  }

  /** Hangs all up. */
  end(): void {
    this.#say({ type: 'end' })
  }

  close(): void {
    this.#child.disconnect()
  }

  #say(message: ToLoad): void {
    this.#child.send(message)
  }

  #next<Type extends FromLoad['type']>(
    type: Type,
  ): Promise<Extract<FromLoad, { readonly type: Type }>> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error('the load process has ended'))
      this.#child.once('exit', onExit)
      this.#child.once('message', (message: FromLoad) => {
        this.#child.off('exit', onExit)
        if (message.type === type) resolve(message as Extract<FromLoad, { readonly type: Type }>)
        else reject(new Error(`the load process said ${message.type}`))
      })
    })
  }
}
