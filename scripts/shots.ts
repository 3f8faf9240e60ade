/**
 * `npm run shots [path…]`: a server with a few real calls, and every page of its console as it looks on a desk, a
 * tablet and a phone, light and dark. Pictures are written to shots/. `LANGUAGE_OF_SHOTS=zh` gives them in Chinese.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { ApiCaller } from '../server/test/system/api-caller.ts'
import { startAntiphon, type Antiphon } from '../server/test/system/antiphon-process.ts'
import { findChrome } from '../server/test/system/chrome.ts'
import { sound } from '../server/test/system/socket-caller.ts'

const folder = join(import.meta.dirname, '..', 'shots')
const SIZES = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 375, height: 812 },
]
const language = process.env['LANGUAGE_OF_SHOTS'] ?? 'en'

const { path: executablePath } = findChrome()
if (executablePath === undefined) throw new Error('There is no browser on this machine.')
mkdirSync(folder, { recursive: true })
const server = await startAntiphon()
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  const places = await makeCalls(server)
  const asked = process.argv.slice(2)
  await shootAll(
    browser,
    server,
    asked.length > 0
      ? asked.map((path) => path.replace('AGENT', places.agentId).replace('CALL', places.callId))
      : [
          '/',
          '/talk',
          '/agents',
          `/agents/${places.agentId}`,
          `/agents/${places.agentId}?part=thinking`,
          `/agents/${places.agentId}?part=speaking`,
          `/agents/${places.agentId}?part=differences`,
          `/agents/${places.agentId}?part=providers`,
          '/plug-in',
          '/calls',
          `/calls/${places.callId}`,
          '/explorer',
          '/explorer/GenerateAIAgentCall',
        ],
  )
} finally {
  await browser.close()
  await server.end('SIGKILL')
}
process.exit(0)

/** Real calls for the pages to show: one with two turns and an interruption, one in which nobody came. */
async function makeCalls(
  antiphon: Antiphon,
): Promise<{ readonly agentId: string; readonly callId: string }> {
  const api = new ApiCaller(antiphon)
  const agentId = await api.makeAgent({
    Greeting: 'Hello! This is the support desk. What can I do for you today?',
    LlmConfig: { LlmSystemPrompt: 'You are a friendly support agent. Answer in one sentence.' },
    AsrConfig: { AsrMaxSilence: 600 },
  })
  await api.vendor.call('UpdateAIAgent', { AIAgentId: agentId, Name: 'Support' }, '2026-11-01')
  await api.stop((await api.startCall(agentId)).instanceId)
  const call = await api.startCall(agentId)
  await pause(5000)
  await call.caller.play(sound('en_09.wav'))
  await pause(2500)
  await call.caller.play(sound('en_05.wav'))
  await pause(4000)
  await api.stop(call.instanceId)
  await pause(1000)
  await api.startCall(agentId)
  return { agentId, callId: call.instanceId }
}

async function shootAll(
  chrome: Browser,
  antiphon: Antiphon,
  paths: readonly string[],
): Promise<void> {
  const first = await chrome.newContext()
  const page = await first.newPage()
  await page.goto(`${antiphon.origin}/?token=${antiphon.token}`)
  const storageState = await first.storageState()
  for (const viewport of SIZES)
    for (const colorScheme of ['light', 'dark'] as const) {
      const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
      const context = await chrome.newContext({ viewport, colorScheme, storageState, locale })
      for (const path of paths)
        await shoot(await context.newPage(), antiphon.origin + path, [
          nameOf(path),
          viewport.width,
          colorScheme,
          ...(language === 'zh' ? ['zh'] : []),
        ])
      await context.close()
    }
}

async function shoot(
  page: Page,
  address: string,
  name: readonly (string | number)[],
): Promise<void> {
  page.on('pageerror', (error) => console.error(`${address}: ${error.message}`))
  await page.goto(address, { waitUntil: 'load' })
  await pause(800)
  await page.screenshot({ path: join(folder, `${name.join('-')}.png`) })
  await page.close()
}

function nameOf(path: string): string {
  const plain = path.replace(/[0-9a-f]{32}/, 'one').replaceAll(/\W+/g, '-')
  return plain.replace(/^-|-$/g, '') || 'home'
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
