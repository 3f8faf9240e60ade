/**
 * `npm run shots [name or path…]`: a server with a few real calls, and every page of its console as it looks on a
 * desk, a tablet and a phone, light and dark, from its head to its foot. Pictures are written to shots/. In a path
 * AGENT, CALL and LIVE (a call that goes on) stand for their ids. `LANGUAGE_OF_SHOTS=zh` gives them in Chinese;
 * `SIZES_OF_SHOTS=1440-light,375-dark` only some of them.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import {
  startAntiphon,
  temporaryFolder,
  type Antiphon,
} from '../server/test/system/antiphon-process.ts'
import { findChrome, launchChrome } from '../server/test/system/chrome.ts'
import { writeMicrophoneFile } from '../server/test/system/microphone-file.ts'
import { makeCalls, pause, type Places } from './shot-calls.ts'
import { SCENES, type Scene } from './shot-scenes.ts'

interface Look {
  readonly width: number
  readonly height: number
  readonly scheme: 'light' | 'dark'
}

const folder = join(import.meta.dirname, '..', 'shots')
const language = process.env['LANGUAGE_OF_SHOTS'] ?? 'en'
const only = process.env['SIZES_OF_SHOTS']?.split(',')
const LOOKS: readonly Look[] = [
  [1440, 900],
  [768, 1024],
  [375, 812],
].flatMap(([width = 0, height = 0]) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, height, scheme })),
)
const looks = LOOKS.filter(({ width, scheme }) => only?.includes(`${width}-${scheme}`) ?? true)

const { path: chromePath } = findChrome()
if (chromePath === undefined) throw new Error('There is no browser on this machine.')
mkdirSync(folder, { recursive: true })
const asked = process.argv.slice(2)
const scenes = asked.length === 0 ? SCENES : asked.flatMap(scenesOf)
const microphone = join(temporaryFolder(), 'microphone.wav')
writeMicrophoneFile(microphone, [1500, 'en_01', 20_000])
const server = await startAntiphon({ env: { RIGHT_KEY: 'right', WRONG_KEY: 'wrong' } })
const browser = await launchChrome(chromePath, microphone)
try {
  const storageState = await signIn(browser, server)
  const nothing: Places = { AGENT: '', CALL: '', LIVE: '', MODEL: '' }
  await shootAll(
    scenes.filter((one) => one.server === 'out'),
    nothing,
    undefined,
  )
  await shootAll(
    scenes.filter((one) => one.server === 'new'),
    nothing,
    storageState,
  )
  const rest = scenes.filter((one) => one.server === undefined)
  if (rest.length > 0) await shootAll(rest, await makeCalls(server), storageState)
} finally {
  await browser.close()
  await server.end('SIGKILL')
}
process.exit(0)

function scenesOf(text: string): readonly Scene[] {
  if (text.startsWith('/')) {
    return [{ name: text.replaceAll(/\W+/g, '-').replace(/^-|-$/g, '') || 'home', path: text }]
  }
  const found = SCENES.filter(({ name }) => name === text || name.startsWith(`${text}-`))
  if (found.length === 0) throw new Error(`There is no scene ${text}.`)
  return found
}

async function signIn(
  chrome: Browser,
  antiphon: Antiphon,
): Promise<BrowserContextOptions['storageState']> {
  const context = await chrome.newContext()
  const page = await context.newPage()
  await page.goto(`${antiphon.origin}/?token=${antiphon.token}`)
  const state = await context.storageState()
  await context.close()
  return state
}

async function shootAll(
  all: readonly Scene[],
  places: Places,
  storageState: BrowserContextOptions['storageState'],
): Promise<void> {
  for (const look of looks) {
    const context = await browser.newContext({
      viewport: { width: look.width, height: look.height },
      colorScheme: look.scheme,
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      permissions: ['microphone'],
      ...(storageState === undefined ? {} : { storageState }),
    })
    for (const scene of all) {
      const page = await context.newPage()
      await shoot(page, scene, places, look).catch((error: unknown) =>
        console.error(`${scene.name} ${look.width} ${look.scheme}: ${String(error)}`),
      )
      await page.close()
    }
    await context.close()
  }
}

async function shoot(
  page: Page,
  { name, path, act }: Scene,
  places: Places,
  { width, height, scheme }: Look,
): Promise<void> {
  page.setDefaultTimeout(8000)
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`))
  const address = path.replace(/AGENT|CALL|LIVE/, (word) => places[word as keyof Places])
  await page.goto(server.origin + address, { waitUntil: 'load' })
  await pause(700)
  try {
    await act?.(page, places)
    await pause(act === undefined ? 0 : 300)
  } finally {
    const file = [name, width, scheme, ...(language === 'zh' ? ['zh'] : [])].join('-')
    // What goes over the page's side is seen too.
    const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
    if (isWide === true) console.error(`${name} ${width}: the page is wider than the window.`)
    // A page that scrolls is given a window as high as it is: what is fixed to the foot stands there once.
    const heightPx = Number(await page.evaluate('document.documentElement.scrollHeight'))
    await page.setViewportSize({ width, height: Math.min(6000, Math.max(height, heightPx)) })
    await pause(100)
    await page.screenshot({ path: join(folder, `${file}.png`) })
  }
}
