import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  wireParameters,
  type CallToWrite,
  type Language,
} from '../../../console/src/pages/explorer/code.ts'
import type { Antiphon } from '../system/antiphon-process.ts'

/** Longest that a program may take: a compiler that starts cold is slow. */
const LIMIT_MS = 240_000

export interface Ran {
  /** Exit status; `undefined` when it was ended because it took too long. */
  readonly status: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs shell commands in a folder; the first that fails is the last. */
export function shell(
  commands: string,
  folder: string,
  options: { readonly env?: NodeJS.ProcessEnv; readonly limitMs?: number } = {},
): Promise<Ran> {
  const env = { ...cleanEnvironment(), ...options.env }
  // A group of its own: what a command has started ends with it.
  const child = spawn('bash', ['-ec', commands], { cwd: folder, env, detached: true })
  child.stdin.end()
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }, options.limitMs ?? LIMIT_MS)
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ status: code ?? undefined, stdout, stderr })
    })
  })
}

/** Without what `npm run` says of this repository, which an npm in another folder would take as said of that one. */
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_(package|lifecycle|config_local_prefix)|INIT_CWD)/.test(name),
    ),
  )

export interface Shown {
  readonly action: string
  readonly version?: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** The keys, where all programs look for them. */
export const keysOf = (server: Antiphon): NodeJS.ProcessEnv => ({
  ALIBABA_CLOUD_ACCESS_KEY_ID: server.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: server.accessKeySecret,
})

/** Saves what the explorer shows for a call under the name it says, and types what it says to type. */
export async function runShown(
  language: Language,
  folder: string,
  server: Antiphon,
  { action, version = '2020-11-09', parameters }: Shown,
): Promise<Ran> {
  const call: CallToWrite = {
    action,
    version,
    endpoint: server.host,
    isSecure: false,
    parameters: wireParameters(parameters),
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, language.file(call)), language.write(call))
  return shell(language.run(call), folder, { env: keysOf(server) })
}

/** What a program that went well has printed. */
export function answerOf({ status, stdout, stderr }: Ran): Record<string, unknown> {
  if (status !== 0) throw new Error(`It ended with status ${status ?? 'none'}:\n${stdout}${stderr}`)
  return JSON.parse(stdout) as Record<string, unknown>
}
