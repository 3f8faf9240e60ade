import { mkdirSync } from 'node:fs'
import { shell } from './shown-code.ts'

/**
 * Gets something from a package registry into a folder. Gives back why that was not possible, or nothing when it was: a
 * machine without a toolchain, and one without a network, skip what needs them.
 */
export async function install(options: {
  readonly folder: string
  readonly programs: readonly string[]
  readonly commands: string
}): Promise<string | undefined> {
  const { folder, programs, commands } = options
  mkdirSync(folder, { recursive: true })
  for (const program of programs) {
    const { status } = await shell(`command -v ${program}`, folder)
    if (status !== 0) return `there is no ${program} here`
  }
  const ran = await shell(commands, folder, { env: IMPATIENT, limitMs: LIMIT_MS })
  if (ran.status === 0) return undefined
  if (ran.status === undefined) return `the client was not installed within ${LIMIT_MS / 1000} s`
  const said = `${ran.stdout}\n${ran.stderr}`.trim().split('\n').at(-1) ?? ''
  return `the client could not be installed: ${said.trim()}`
}

const LIMIT_MS = 120_000

/** Package clients give up soon where there is no network. */
const IMPATIENT = {
  npm_config_fetch_retries: '0',
  npm_config_fetch_timeout: '30000',
  PIP_RETRIES: '0',
  PIP_DEFAULT_TIMEOUT: '30',
}
