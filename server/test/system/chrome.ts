import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
const LIST_LIMIT_MS = 60_000
const INSTALL_LIMIT_MS = 180_000

/** The browser of the tests, or why they are skipped. */
export type Chrome =
  | { readonly path: string; readonly skip: false }
  | { readonly path: undefined; readonly skip: string }

const HOW =
  'Install Chromium or Chrome (Debian: apt-get install chromium), or name one by CHROME_PATH.'

/**
 * Finds a Chromium or Chrome: `CHROME_PATH`, else an installed one, else (as root on Debian) installs one.
 * Where there is none all the same, tests are skipped, but not with `CI=true`: there it throws.
 */
export function findChrome(env: NodeJS.ProcessEnv = process.env): Chrome {
  const named = env['CHROME_PATH']
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return { path: named, skip: false }
    throw new Error(`CHROME_PATH is ${named}, which cannot be run.`)
  }
  const path = installedChrome(env) ?? (isDebianRoot() ? installChrome(env) : undefined)
  if (path !== undefined) return { path, skip: false }
  if (env['CI'] === 'true') throw new Error(`The browser tests need a browser. ${HOW}`)
  return { path: undefined, skip: `no browser on this machine. ${HOW}` }
}

/**
 * Starts it without a window, with a WAV file as its microphone. Pages get the microphone only in contexts
 * with the permission `microphone`.
 */
export function launchChrome(
  path: string,
  microphonePath: string,
  args: readonly string[] = [],
): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--use-fake-device-for-media-stream',
      // Once: after its end the microphone is silent.
      `--use-file-for-fake-audio-capture=${microphonePath}%noloop`,
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...args,
    ],
  })
}

function installedChrome(env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter)
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...candidates, MAC].find(isProgram)
}

function installChrome(env: NodeJS.ProcessEnv): string | undefined {
  process.stderr.write('Installing Chromium for the browser tests (once)…\n')
  aptGet(['update'], LIST_LIMIT_MS)
  aptGet(['install', '--yes', '--no-install-recommends', 'chromium'], INSTALL_LIMIT_MS)
  return installedChrome(env)
}

function aptGet(args: readonly string[], timeout: number): void {
  const ran = spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=60', ...args], {
    timeout,
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (ran.status === 0) return
  const reason = ran.error?.message ?? ran.stderr.trim().split('\n').at(-1)
  process.stderr.write(`apt-get ${args[0]}: ${reason}\n`)
}

function isDebianRoot(): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  // Elsewhere (Ubuntu) the package of this name is not a browser.
  return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
