import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { ambientStoreContract } from '../ports/ambient-store.contract.ts'
import { openAmbientFolder } from './ambient-folder.ts'
import { memoryAmbientStore } from './memory-ambient.ts'

const folder = mkdtempSync(join(tmpdir(), 'ambient-test-'))
after(() => rmSync(folder, { recursive: true }))
let opened = 0

ambientStoreContract('in memory', memoryAmbientStore)
ambientStoreContract('in a folder', () => openAmbientFolder(join(folder, String(++opened))))
