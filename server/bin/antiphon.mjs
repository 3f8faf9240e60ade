#!/usr/bin/env node
// `npx antiphon <command>` on whatever Node the machine has: the sources need Node 24, which the install brings.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))
const brought = path('../../node_modules/.bin/node')
const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24
const node = isNewEnough || !existsSync(brought) ? process.execPath : brought
const { status, error } = spawnSync(node, [path('../src/antiphon.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
})
if (error) process.stderr.write(`${error.message}\n`)
process.exit(status ?? 1)
