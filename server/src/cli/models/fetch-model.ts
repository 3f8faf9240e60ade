import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { systemClock } from '../../base/system-clock.ts'
import type { KnownModel } from '../../providers/sherpa/known-models.ts'
import { MANIFEST_NAME, readModelFolder } from '../../providers/sherpa/model-folder.ts'
import { CommandError } from '../command.ts'
import { download, publishedSums, sha256Of, type Progress } from './download.ts'
import { unpackInto } from './unpack.ts'

const MEGABYTE = 1_000_000
const PROGRESS_EVERY_MS = 1000

/**
 * Downloads a model, verifies it where its source publishes checksums, and unpacks it into a folder of its name,
 * which is there whole or not at all. Gives the folder.
 */
export async function fetchModel(
  model: KnownModel,
  modelsFolder: string,
  tell: (line: string) => void,
): Promise<string> {
  const folder = join(modelsFolder, model.name)
  if (existsSync(folder)) {
    throw new CommandError(`${folder} is there already. Remove it to fetch the model anew.`)
  }
  const downloads = join(modelsFolder, '.downloads')
  mkdirSync(downloads, { recursive: true })
  const sums = await publishedSums(model.checksums)
  const draft = join(downloads, `${model.name}.${process.pid}`)
  try {
    mkdirSync(draft, { recursive: true })
    const files: string[] = []
    for (const address of model.addresses) {
      const file = join(downloads, basename(new URL(address).pathname))
      if (!existsSync(file)) await download(address, file, progressTeller(basename(file), tell))
      await verify(file, sums, tell)
      tell(`Unpacking ${basename(file)}`)
      await unpackInto(file, draft, `${draft}.unpacked`)
      files.push(file)
    }
    finish(model, draft)
    renameSync(draft, folder)
    for (const file of files) rmSync(file, { force: true })
  } finally {
    rmSync(draft, { recursive: true, force: true })
    rmSync(`${draft}.unpacked`, { recursive: true, force: true })
  }
  return folder
}

/** A file that is not what its source says is thrown away: the next run fetches it anew. */
async function verify(
  file: string,
  sums: ReadonlyMap<string, string>,
  tell: (line: string) => void,
): Promise<void> {
  const name = basename(file)
  const expected = sums.get(name)
  if (expected === undefined) {
    tell(`Its source publishes no checksum for ${name}: it is not verified.`)
    return
  }
  if ((await sha256Of(file)) === expected) {
    tell(`${name} has the checksum that its source publishes.`)
    return
  }
  rmSync(file, { force: true })
  throw new CommandError(`${name} has not the checksum that its source publishes. It was removed.`)
}

function finish(model: KnownModel, draft: string): void {
  const { name, languages, licence, addresses } = model
  const manifest = join(draft, MANIFEST_NAME)
  if (!existsSync(manifest)) {
    writeFileSync(manifest, `${JSON.stringify({ name, languages, licence, addresses }, null, 2)}\n`)
  }
  const found = readModelFolder(draft)
  if (!found.ok) throw new CommandError(`What was downloaded is of no use: ${found.error}`)
  if (found.value.kind !== model.kind) {
    throw new CommandError(
      `What was downloaded is of the kind ${found.value.kind}, not ${model.kind} as expected.`,
    )
  }
}

/** A line about once a second, and one at the end. */
function progressTeller(name: string, tell: (line: string) => void): (progress: Progress) => void {
  let nextMs = 0
  return ({ bytes, totalBytes }) => {
    const isLast = bytes === totalBytes
    const nowMs = systemClock.nowMs()
    if (nowMs < nextMs && !isLast) return
    nextMs = nowMs + PROGRESS_EVERY_MS
    const come = (bytes / MEGABYTE).toFixed(1)
    const whole = totalBytes === undefined ? '' : ` of ${(totalBytes / MEGABYTE).toFixed(1)}`
    const share = totalBytes === undefined ? '' : ` (${Math.floor((100 * bytes) / totalBytes)} %)`
    tell(`${name}: ${come}${whole} MB${share}`)
  }
}
