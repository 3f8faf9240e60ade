import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Ids } from '../base/ids.ts'
import { randomText } from '../base/random-text.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { RtcApp } from '../schema/channel-token.ts'

export interface AccessKey {
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

export interface Keys {
  readonly accessKey: AccessKey
  /** The file that holds it; absent when it came from the environment. */
  readonly accessKeyFile?: string
  readonly rtcApp: RtcApp
  readonly rtcAppFile?: string
  /** 32 bytes that sign log addresses and session cookies. */
  readonly serverSecret: Uint8Array
}

const OWNER_ONLY = 0o600
const OTHERS = 0o077

/**
 * The keys of this server: those given, else those kept in the data folder, made on first use. Folder and
 * files belong to the owner alone. The error is one line for the operator.
 */
export function openKeyFiles(options: {
  readonly folder: string
  readonly ids: Ids
  readonly accessKey?: AccessKey | undefined
  readonly rtcApp?: RtcApp | undefined
}): Result<Keys, string> {
  const { folder, ids } = options
  const isReady = prepareFolder(folder, ids)
  if (!isReady.ok) return isReady

  const accessKeyFile = join(folder, 'access-key.json')
  const rtcAppFile = join(folder, 'rtc-app.json')
  const accessKey = options.accessKey
    ? ok(options.accessKey)
    : keep(accessKeyFile, ids, parseAccessKey, () => newAccessKey(ids))
  if (!accessKey.ok) return accessKey
  const rtcApp = options.rtcApp
    ? ok(options.rtcApp)
    : keep(rtcAppFile, ids, parseRtcApp, () => newRtcApp(ids))
  if (!rtcApp.ok) return rtcApp
  const secret = keep(join(folder, 'server-secret'), ids, parseSecret, () => {
    return `${ids.hex32()}${ids.hex32()}\n`
  })
  if (!secret.ok) return secret
  return ok({
    accessKey: accessKey.value,
    ...(options.accessKey === undefined && { accessKeyFile }),
    rtcApp: rtcApp.value,
    ...(options.rtcApp === undefined && { rtcAppFile }),
    serverSecret: secret.value,
  })
}

/** With its parents. `mkdirSync` with `recursive` never ends where nothing can be made, as below /proc. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error
    makeFolder(dirname(folder))
    mkdirSync(folder, { mode: 0o700 })
  }
}

/** Makes the folder when it is missing, and sees whether files can be made in it. */
function prepareFolder(folder: string, ids: Ids): Result<void, string> {
  try {
    makeFolder(folder)
    const probe = join(folder, `.probe-${ids.hex32()}`)
    closeSync(openSync(probe, 'wx', OWNER_ONLY))
    rmSync(probe)
    return ok(undefined)
  } catch (error) {
    return fail(
      `ANTIPHON_DATA must be a folder that can be written to; ${folder} is not: ${why(error)}.`,
    )
  }
}

/** Reads a file, or writes it with what `make` gives when there is none. */
function keep<T>(
  path: string,
  ids: Ids,
  parse: (text: string) => T | undefined,
  make: () => string,
): Result<T, string> {
  try {
    let text = readIfThere(path)
    if (text === undefined) {
      text = make()
      writeWhole(path, text, ids)
    }
    const value = parse(text)
    if (value !== undefined) return ok(value)
    return fail(`${path} is damaged: repair it, or delete it to have a new one made at the start.`)
  } catch (error) {
    return fail(`${path} must be a file that can be read and written: ${why(error)}.`)
  }
}

function readIfThere(path: string): string | undefined {
  try {
    if ((statSync(path).mode & OTHERS) !== 0) chmodSync(path, OWNER_ONLY)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A crash leaves either no file or the whole of it. */
function writeWhole(path: string, text: string, ids: Ids): void {
  const temporary = `${path}.${ids.hex32()}.tmp`
  const file = openSync(temporary, 'wx', OWNER_ONLY)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
}

const why = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const newAccessKey = (ids: Ids): string =>
  json({ accessKeyId: `LTAI5t${randomText(ids, 18)}`, accessKeySecret: randomText(ids, 30) })

const newRtcApp = (ids: Ids): string => json({ appId: ids.hex32(), appKey: ids.hex32() })

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

const parseAccessKey = (text: string): AccessKey | undefined => {
  const value = parseTexts(text, 'accessKeyId', 'accessKeySecret')
  return value && { accessKeyId: value[0], accessKeySecret: value[1] }
}

const parseRtcApp = (text: string): RtcApp | undefined => {
  const value = parseTexts(text, 'appId', 'appKey')
  return value && { appId: value[0], appKey: value[1] }
}

/** Two members of a JSON object that must be texts and not empty. */
function parseTexts(text: string, first: string, second: string): [string, string] | undefined {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null
    const one = value?.[first]
    const two = value?.[second]
    if (typeof one === 'string' && typeof two === 'string' && one && two) return [one, two]
  } catch {
    // Not JSON: damaged, like JSON of another shape.
  }
  return undefined
}

const parseSecret = (text: string): Uint8Array | undefined =>
  /^[0-9a-f]{64}$/.test(text.trim()) ? Buffer.from(text.trim(), 'hex') : undefined
