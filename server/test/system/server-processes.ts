import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { until, type Antiphon } from './antiphon-process.ts'

/** The media workers of a server. */
export function workersOf(server: Pick<Antiphon, 'pid'>): readonly number[] {
  try {
    const listed = execFileSync('pgrep', ['-P', String(server.pid)], { encoding: 'utf8' })
    return listed.trim().split('\n').map(Number)
  } catch {
    return [] // It has no child.
  }
}

/** A process that has ended and is only waited for by its parent counts as dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return process.platform !== 'linux'
  }
}

/** Kills the control process and all its workers at once, as a power cut does; gives back when. */
export async function killAll(server: Antiphon): Promise<number> {
  const pids = [server.pid, ...workersOf(server)]
  const atMs = Date.now()
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  await server.end()
  await until(() => !pids.some(isAlive))
  return atMs
}
