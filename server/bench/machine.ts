import { availableParallelism, cpus } from 'node:os'

/** The machine's work over a while, to tell what a figure may be worth. Linux only. */
export class Machine {
  readonly #busyMs = busyMs()
  readonly #atMs = performance.now()

  /** CPU time that all programs have used since, in cores. */
  busyCores(): number {
    return (busyMs() - this.#busyMs) / (performance.now() - this.#atMs)
  }
}

export const machineText = (): string =>
  `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)
}
