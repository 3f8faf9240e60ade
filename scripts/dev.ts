/**
 * `npm run dev`: the server and its pages, built and started anew whenever a file is saved. A signed-in browser
 * stays signed in. Takes the settings of `npm start`.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Editors write a file in several steps, and several files at a time. */
const SETTLE_MS = 200
/** Calls get so long to end before the server is told again, which ends it at once. */
const PATIENCE_MS = 1000

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const readPage = (): string => readFileSync(join(root, 'console/dist/index.html'), 'utf8')

let server: ChildProcess | undefined
let servedPage = ''
let settling: NodeJS.Timeout | undefined
start()
watch(join(root, 'server/src'), { recursive: true }, (_, file) => {
  if (file === null || !/(?<!\.test|\.contract)\.ts$/.test(file)) return
  clearTimeout(settling)
  settling = setTimeout(restart, SETTLE_MS)
})
const pages = { root: join(root, 'console'), logLevel: 'warn', build: { watch: {} } } as const
const builder = await build(pages)
if ('on' in builder) {
  builder.on('event', ({ code }) => {
    if (code === 'END' && readPage() !== servedPage) restart()
  })
}
// Ctrl-C reaches the server too, which ends its calls; this one waits for it.
process.on('SIGINT', () => server ?? process.exit(0))
process.on('SIGTERM', () => server?.kill('SIGTERM') ?? process.exit(0))

function start(): void {
  servedPage = readPage()
  server = spawn(process.execPath, ['server/src/main.ts'], { cwd: root, stdio: 'inherit' })
  server.on('exit', (code) => {
    server = undefined
    if (code === 0 || code === 130) process.exit(0)
    console.log('The server has ended; it starts again when a file is saved.')
  })
}

function restart(): void {
  if (server === undefined) return start()
  const old = server
  const insist = setTimeout(() => old.kill('SIGINT'), PATIENCE_MS)
  old.removeAllListeners('exit').once('exit', () => {
    clearTimeout(insist)
    start()
  })
  old.kill('SIGINT')
}
