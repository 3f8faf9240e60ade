// Runs before `npm start`, `npm test` and `npm run check`, on whatever Node the machine has: installs what
// is missing (Node 24 among it, see docs/dependencies.md) and builds the pages when their sources changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const major = Number(process.versions.node.split('.')[0])
if (major < 20)
  stop(`antiphon needs Node 20 or newer to install itself; this is ${process.version}.`)

install()
build()

function install() {
  const wanted = digest([join(root, 'package-lock.json')])
  const stamp = join(root, 'node_modules', '.antiphon-install')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stderr.write('Installing packages (once)…\n')
  // By the lock file, but not `npm ci`: that would first delete what a running server may still load.
  npm(['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stamp, wanted)
}

function build() {
  const sources = ['console', 'sdk', join('server', 'src', 'schema')].flatMap((folder) =>
    filesBelow(join(root, folder)),
  )
  const wanted = digest(sources)
  const stamp = join(root, 'console', 'dist', '.antiphon-build')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stderr.write('Building the pages…\n')
  npm(['run', '--silent', 'build', '--workspace', 'console'])
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

function npm(args) {
  const cli = process.env.npm_execpath
  const [command, first] = cli ? [process.execPath, [cli]] : ['npm', []]
  const ran = spawnSync(command, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, npm_config_engine_strict: 'false' },
  })
  if (ran.status !== 0) stop(`\`npm ${args.join(' ')}\` failed; what it printed stands above.`)
}

function filesBelow(folder) {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name !== 'node_modules' && name !== 'dist')
  return names.sort().flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : [path]
  })
}

function digest(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file))
  return hash.digest('hex')
}

function stop(reason) {
  process.stderr.write(reason + '\n')
  process.exit(1)
}
