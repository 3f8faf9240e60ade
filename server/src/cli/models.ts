import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { modelsFolder } from '../config/config.ts'
import { KNOWN_MODELS, type KnownModel } from '../providers/sherpa/known-models.ts'
import { readModelFolder } from '../providers/sherpa/model-folder.ts'
import { CommandError, UsageError, type Command, type CommandIo } from './command.ts'
import { fetchModel } from './models/fetch-model.ts'

const MANY = 8

/** Model folders of sherpa-onnx: what there is, and how it comes here. */
export const models: Command = {
  name: 'models',
  summary: 'speech models for other languages: list them, fetch one, check a folder',
  usage: `npx antiphon models list [--json]
npx antiphon models fetch <name> [--from <address>]
npx antiphon models check <folder>

list   tells which model folders are known: name, kind, languages, about how much
       is downloaded, licence, address. Those that are there already are marked.
fetch  downloads one into the models folder. A download that broke goes on where it
       was. Where the source publishes checksums (as the known ones do), they are
       verified. --from takes the files, and checksum.txt beside them, from a
       mirror of yours: the address of a folder.
check  tells what kind of model a folder holds, or what is missing in it.

Nothing is ever downloaded but by fetch. An agent names a folder in its Providers:
  {"asr": {"provider": "sherpa", "folder": "<name>"}}

The models folder is ANTIPHON_MODELS (default: models in ANTIPHON_DATA, ./data).
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, from: { type: 'string' } },
    })
    const [what, name, ...rest] = positionals
    if (what === 'list' && name === undefined) return list(io, values.json === true)
    if (rest.length > 0 || name === undefined) {
      throw new UsageError('There are: models list, models fetch <name>, models check <folder>.')
    }
    if (what === 'fetch') return fetchNamed(io, name, values.from)
    if (what === 'check') return check(io, name)
    throw new UsageError(`There is no models ${what ?? ''}: list, fetch and check.`)
  },
}

async function list(io: CommandIo, isJson: boolean): Promise<number> {
  const folder = modelsFolder(io.environment)
  for (const model of KNOWN_MODELS) {
    const isHere = existsSync(join(folder, model.name))
    await io.out(isJson ? `${JSON.stringify({ ...model, isHere })}\n` : describe(model, isHere))
  }
  return 0
}

function describe(model: KnownModel, isHere: boolean): string {
  const { name, use, kind, languages, megabytes, licence, addresses, note } = model
  const count = languages.length
  const spoken = count > MANY ? `${count} languages` : languages.join(', ')
  const more = note === undefined ? '' : `\n    ${note}`
  return (
    `${name}${isHere ? '  (here)' : ''}\n` +
    `    ${use === 'asr' ? 'recogniser' : 'voice'}, ${kind}; ${spoken}; ${megabytes} MB; ${licence}` +
    `${more}\n${addresses.map((address) => `    ${address}\n`).join('')}`
  )
}

async function fetchNamed(io: CommandIo, name: string, from: string | undefined): Promise<number> {
  const known = KNOWN_MODELS.find((model) => model.name === name)
  if (known === undefined) {
    const near = KNOWN_MODELS.filter((model) => model.name.includes(name)).map((one) => one.name)
    const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'models list tells which.'
    throw new CommandError(`There is no model ${name} in the list. ${hint}`)
  }
  const model = from === undefined ? known : mirrored(known, from)
  io.err(`${name}: ${known.megabytes} MB, licence: ${known.licence}`)
  const folder = await fetchModel(model, modelsFolder(io.environment), (line) => io.err(line))
  await io.out(`${folder}\n`)
  return 0
}

function mirrored(model: KnownModel, from: string): KnownModel {
  if (!/^https?:\/\//.test(from) || !URL.canParse(from)) {
    throw new UsageError('--from must be an http or https address.')
  }
  const base = from.replace(/\/+$/, '')
  const addresses = model.addresses.map((address) => `${base}/${basename(address)}`)
  return { ...model, addresses, checksums: [`${base}/checksum.txt`] }
}

async function check(io: CommandIo, name: string): Promise<number> {
  const inside = join(modelsFolder(io.environment), name)
  const folder = !name.includes('/') && existsSync(inside) ? inside : resolve(name)
  const found = readModelFolder(folder)
  if (!found.ok && !existsSync(folder)) {
    throw new CommandError(`There is no folder ${name}, neither ${inside} nor ${resolve(name)}.`)
  }
  if (!found.ok) throw new CommandError(found.error)
  const { use, kind, languages, speakers, files } = found.value
  await io.out(`${folder}\n    ${use === 'asr' ? 'recogniser' : 'voice'}, ${kind}\n`)
  if (use === 'asr') {
    const told = languages?.join(' ') ?? 'not told: name them in Providers.asr.languages'
    await io.out(`    languages: ${told}\n`)
  } else await io.out(`    speakers: ${speakers.join(' ')}\n`)
  for (const [part, file] of Object.entries(files)) await io.out(`    ${part}: ${file}\n`)
  return 0
}
