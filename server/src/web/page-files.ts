import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface PageFile {
  readonly contentType: string
  readonly body: Uint8Array
  /** The same, compressed; absent where that saves nothing. */
  readonly gzipped?: Uint8Array
  /** Its name holds a hash of its content: it never changes. */
  readonly isHashed: boolean
}

/** The built call page. What is served is this map alone: no path of a request reaches the disk. */
export interface PageFiles {
  /** Absent when the page has not been built. */
  readonly index?: PageFile
  /** By path, as `/assets/app-Bx3k9_aQ.js`. */
  readonly assets: ReadonlyMap<string, PageFile>
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
}

const IS_TEXT = /^(text|application\/(json|manifest|wasm)|image\/svg)/

/** Reads `index.html` and everything under `assets/` of a folder; nothing when it is not there. */
export function readPageFiles(folder: string): PageFiles {
  const assets = new Map<string, PageFile>()
  for (const path of filesUnder(join(folder, 'assets'))) {
    const name = relative(folder, path).split(sep).join('/')
    assets.set(`/${name}`, pageFile(name, readFileSync(path)))
  }
  const index = readIfThere(join(folder, 'index.html'))
  return { ...(index && { index: pageFile('index.html', index) }), assets }
}

export function pageFile(name: string, body: Uint8Array): PageFile {
  const contentType = CONTENT_TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream'
  const gzipped = IS_TEXT.test(contentType) ? gzipSync(body, { level: 9 }) : undefined
  return {
    contentType,
    body,
    ...(gzipped && gzipped.length < body.length && { gzipped }),
    isHashed: isHashed(name),
  }
}

/**
 * Whether a name ends as the bundler's do: `-` and eight characters of base64url. Eight small letters are
 * taken for a word: not to trust a hash only costs a question to the server.
 */
function isHashed(name: string): boolean {
  const hash = /[-.]([\w-]{8})\.[a-z\d.]+$/.exec(name)?.[1] ?? ''
  return /[A-Z\d_]/.test(hash)
}

function filesUnder(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'
