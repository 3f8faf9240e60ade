import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAIN = new URL('../../src/main.ts', import.meta.url)
const START_LIMIT_MS = 30_000

/** A whole antiphon in processes of its own, on ports that the system chooses. */
export interface Antiphon {
  readonly origin: string
  readonly host: string
  readonly token: string
  readonly folder: string
  readonly pid: number
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** All it printed so far. */
  output(): string
  /** Sends a signal and waits for the end; gives back the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts a server; waits until it takes calls. Without a folder it gets one of its own. */
export async function startAntiphon(
  options: {
    readonly folder?: string
    readonly env?: NodeJS.ProcessEnv
    readonly isReady?: boolean
  } = {},
): Promise<Antiphon> {
  const folder = options.folder ?? temporaryFolder()
  const run = runAntiphon({ folder, ...(options.env === undefined ? {} : { env: options.env }) })
  const printed = await waitFor(run, () => /Console\s+(\S+)\/\?token=(\w+)/.exec(run.output()))
  const [, origin = '', token = ''] = printed
  if (options.isReady !== false) {
    await until(async () => (await fetch(`${origin}/readyz`)).status === 200)
  }
  const key = JSON.parse(readFileSync(join(folder, 'access-key.json'), 'utf8')) as {
    accessKeyId: string
    accessKeySecret: string
  }
  return {
    origin,
    host: new URL(origin).host,
    token,
    folder,
    pid: run.child.pid ?? 0,
    ...key,
    output: run.output,
    end: async (signal = 'SIGINT') => {
      if (run.child.exitCode === null) run.child.kill(signal)
      return run.ended
    },
  }
}

export interface Run {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  /** Both streams, as a terminal shows them. */
  output(): string
  /** What stands on standard error. */
  errors(): string
}

/** Runs the server's entry file without waiting for anything. */
export function runAntiphon(options: {
  readonly folder: string
  readonly env?: NodeJS.ProcessEnv
  readonly args?: readonly string[]
}): Run {
  let output = ''
  let errors = ''
  const child = spawn(process.execPath, [MAIN.pathname, ...(options.args ?? [])], {
    env: { ...settingsFor(options.folder), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (stream === child.stderr) errors += text
    })
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, ended, output: () => output, errors: () => errors }
}

/** The environment of a server that is in nobody's way. */
export const settingsFor = (folder: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  ANTIPHON_PORT: '0',
  ANTIPHON_UDP_PORT: '0',
  ANTIPHON_WORKERS: '1',
  ANTIPHON_DATA: folder,
})

const folders: string[] = []
const children: ChildProcess[] = []
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'antiphon-test-'))
  folders.push(folder)
  return folder
}

/** Looks again and again until it holds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  limitMs = START_LIMIT_MS,
): Promise<void> {
  const untilMs = Date.now() + limitMs
  for (;;) {
    if (await Promise.resolve(holds()).catch(() => false)) return
    if (Date.now() > untilMs) throw new Error(`not so within ${limitMs} ms: ${String(holds)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function waitFor<T>(run: Run, find: () => T | null): Promise<T> {
  let found = find()
  await until(() => {
    found ??= find()
    if (run.child.exitCode !== null) return true
    return found !== null
  })
  if (found === null) throw new Error(`antiphon did not start:\n${run.output()}`)
  return found
}
