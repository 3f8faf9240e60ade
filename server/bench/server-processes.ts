import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Of `/proc/<pid>/stat`, counted after the process's name. */
const USER_TIME = 11
const SYSTEM_TIME = 12
const TICKS_A_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** What `probe.ts` tells of a process, its garbage collected. */
export interface ProbeReading {
  /** How late timers were. */
  readonly loop: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number }
  /** What keeps the event loop alive, by kind: timers, sockets, pipes. */
  readonly resources: Readonly<Record<string, number>>
  readonly heapMb: number
  readonly externalMb: number
  readonly arrayBuffersMb: number
  readonly residentMb: number
}

/** The server's processes: the control process and its media workers. Linux only. */
export class ServerProcesses {
  readonly controlPid: number
  readonly workerPids: readonly number[]
  readonly #probeFolder: string

  constructor(controlPid: number, probeFolder: string) {
    this.controlPid = controlPid
    this.#probeFolder = probeFolder
    this.workerPids = childrenOf(controlPid)
  }

  get pids(): readonly number[] {
    return [this.controlPid, ...this.workerPids]
  }

  /** CPU time that all of them, or these, have used so far. */
  cpuMs(pids: readonly number[] = this.pids): number {
    return pids.reduce((sum, pid) => sum + cpuMsOf(`/proc/${pid}/stat`), 0)
  }

  /** CPU time of a process's threads so far, by name. */
  threadCpuMs(pid: number): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {}
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const folder = `/proc/${pid}/task/${thread}`
      const name = readFileSync(`${folder}/comm`, 'utf8').trim()
      sums[name] = (sums[name] ?? 0) + cpuMsOf(`${folder}/stat`)
    }
    return sums
  }

  /** Resident memory of all of them, or these. */
  residentMb(pids: readonly number[] = this.pids): number {
    return pids.reduce((sum, pid) => sum + residentKb(pid), 0) / 1024
  }

  /** The smallest of the resident memory over a while: what is held once the garbage is gone. */
  async steadyMb(lengthMs: number, pids: readonly number[] = this.pids): Promise<number> {
    let least = Infinity
    for (const untilMs = performance.now() + lengthMs; performance.now() < untilMs;) {
      least = Math.min(least, this.residentMb(pids))
      await pause(100)
    }
    return least
  }

  /** Asks the probe in a process. The event loop's delays are those since it was asked last. */
  async probe(pid: number): Promise<ProbeReading> {
    const file = join(this.#probeFolder, `${pid}.json`)
    rmSync(file, { force: true })
    process.kill(pid, 'SIGUSR2')
    while (!existsSync(file)) await pause(20)
    return JSON.parse(readFileSync(file, 'utf8')) as ProbeReading
  }

  /** Collects the garbage of all and gives the system time to take the memory back. What is left, in MB. */
  async settle(): Promise<number> {
    let leftMb = 0
    for (const pid of this.pids) {
      const { heapMb, externalMb } = await this.probe(pid)
      leftMb += heapMb + externalMb
    }
    await pause(500)
    return leftMb
  }

  /** Open files, sockets among them. */
  openFiles(pids: readonly number[] = this.pids): number {
    return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0)
  }

  threads(pids: readonly number[] = this.pids): number {
    return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/task`).length, 0)
  }
}

/** CPU time that all threads of a process have used so far; it moves in steps of 10 ms. */
export const threadsCpuMs = (pid: number): number => cpuMsOf(`/proc/${pid}/stat`)

function cpuMsOf(file: string): number {
  const text = readFileSync(file, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) / TICKS_A_SECOND) * 1000
}

function residentKb(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1] ?? 0)
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' '),
    )
    .filter((text) => text !== '')
    .map(Number)
}
