/** The browser library in pages of another origin, against real servers: what networks, tokens and devices do to it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { startAntiphon, temporaryFolder, until, type Antiphon } from './antiphon-process.ts'
import { ApiCaller } from './api-caller.ts'
import { findChrome, launchChrome } from './chrome.ts'
import { writeMicrophoneFile } from './microphone-file.ts'
import { SdkPage, servePage, type Ticket } from './sdk-page.ts'
import { openUdpRelay } from './udp-relay.ts'
import { OWN_VERSION } from './vendor-client.ts'
import { freeUdpPort } from './webrtc-client.ts'

const { path: chromePath, skip } = findChrome()
const EXAMPLE = readFileSync(new URL('../../../examples/browser.html', import.meta.url), 'utf8')
const ECHO = {
  asr: { provider: 'scripted' },
  llm: { provider: 'scripted', echo: true },
  tts: { provider: 'scripted' },
  vad: { provider: 'energy' },
}
const CUT_MS = 10_000

let server: Antiphon
let api: ApiCaller
let udpPort: number
let echoAgentId: string
let browser: Browser
const sites: Server[] = []
let site: string

before(async () => {
  if (chromePath === undefined) return
  const microphone = join(temporaryFolder(), 'microphone.wav')
  writeMicrophoneFile(microphone, [4500, 'en_01'])
  udpPort = await freeUdpPort()
  ;[server, browser] = await Promise.all([
    startAntiphon({ env: { ANTIPHON_UDP_PORT: String(udpPort) } }),
    launchChrome(chromePath, microphone),
  ])
  api = new ApiCaller(server)
  echoAgentId = await makeEcho(api)
  const blank = await servePage('<!doctype html><title>Another site</title>')
  sites.push(blank.server)
  site = blank.origin
})

after(async () => {
  if (chromePath === undefined) return
  await browser.close()
  for (const one of sites) one.close()
  await server.end('SIGKILL')
})

/** An agent that repeats what it is told, and waits 20 s for a user who is gone. */
const makeEcho = (of: ApiCaller): Promise<string> =>
  of.makeAgent({ UserOfflineTimeout: 20, Greeting: 'Hello.' }, ECHO)

async function newCall(
  agentId: string,
  expireS = 3600,
  of = api,
): Promise<Ticket & { readonly instanceId: string }> {
  const parameters = { AIAgentId: agentId, Expire: expireS }
  const made = await of.vendor.call('GenerateAIAgentCall', parameters)
  return {
    instanceId: String(made['InstanceId']),
    channelId: String(made['ChannelId']),
    userId: String(made['UserId']),
    token: String(made['Token']),
  }
}

suite('the browser library', { skip, concurrency: true }, () => {
  test('the example page talks to an agent as it stands', async () => {
    const listed = await api.vendor.call('ListAIAgents', { PageSize: 100 }, OWN_VERSION)
    const agents = listed['Agents'] as { readonly AIAgentId: string; readonly Name: string }[]
    const demo = agents.find(({ Name }) => Name === 'Demo')
    const { channelId, userId, token } = await newCall(demo?.AIAgentId ?? '')
    const copy = await servePage(EXAMPLE)
    sites.push(copy.server)
    const context = await browser.newContext({ permissions: ['microphone'] })
    const page = await context.newPage()
    const given = { server: server.origin, channel: channelId, user: userId, token }
    await page.goto(`${copy.origin}/browser.html#${new URLSearchParams(given)}`)
    await page.getByRole('button', { name: 'Call' }).click()
    const said = page.locator('pre')
    await said.filter({ hasText: /agent: Yes, I can hear you/ }).waitFor({ timeout: 20_000 })
    assert.match(await said.innerText(), /^agent: Hello!.*\nuser: .*hear me/i)
    await page.getByRole('button', { name: 'Hang up' }).click()
    await page.getByText('disconnected').waitFor()
    await context.close()
  })

  test('a refused microphone is named, and nobody joins', async () => {
    const page = await SdkPage.open(browser, site, { permissions: [] })
    const call = await newCall(echoAgentId)
    assert.equal(await page.join(server.origin, call), 'microphone-refused')
    assert.equal(await api.status(call.instanceId), 'Created')
    await api.stop(call.instanceId)
    await page.close()
  })

  test('a call outlives ten seconds without a network', async (t) => {
    const relay = await openUdpRelay(udpPort)
    const page = await SdkPage.open(browser, site, { relayPort: relay.port })
    const call = await newCall(echoAgentId)
    assert.equal(await page.join(server.origin, call), 'joined')
    await page.writeAndHear('apple')
    const cutAtMs = performance.now()
    relay.setCut(true)
    await page.page.context().setOffline(true)
    await until(async () => (await page.status()) === 'reconnecting', 6000)
    t.diagnostic(`noticed after ${Math.round(performance.now() - cutAtMs)} ms`)
    await sleep(cutAtMs + CUT_MS - performance.now())
    relay.setCut(false)
    await page.page.context().setOffline(false)
    const backAtMs = performance.now()
    await until(async () => (await page.status()) === 'connected', 6000)
    t.diagnostic(`connected ${Math.round(performance.now() - backAtMs)} ms after it was back`)
    await page.writeAndHear('banana')
    assert.equal(await api.status(call.instanceId), 'Executing')
    assert.deepEqual(await page.told('callEnd'), [])
    const lines = await page.page.evaluate(`call.subtitles.map(({ text }) => text).join(' ')`)
    assert.match(String(lines), /apple.*banana/)
    await page.close()
    relay.close()
  })

  test('a page that is closed ends its call though its messages are lost', async (t) => {
    const relay = await openUdpRelay(udpPort)
    const page = await SdkPage.open(browser, site, { relayPort: relay.port })
    const call = await newCall(echoAgentId)
    assert.equal(await page.join(server.origin, call), 'joined')
    await page.writeAndHear('cherry')
    relay.setCut(true)
    const closedAtMs = performance.now()
    await page.page.close()
    // Without the word of the page it would take 15 s of silence, and then 20 s more.
    await until(async () => (await api.status(call.instanceId)) === 'Finished', 5000)
    t.diagnostic(`ended ${Math.round(performance.now() - closedAtMs)} ms after the page`)
    await page.close()
    relay.close()
  })

  test('a token is renewed before it ends; one that has ended joins nothing', async () => {
    const page = await SdkPage.open(browser, site)
    const call = await newCall(echoAgentId, 8)
    const endsMs = performance.now() + 8000
    assert.equal(await page.join(server.origin, call), 'joined')
    await page.untilTold('newRTCToken', ({ token }) => token !== call.token)
    assert.equal((await page.told('authInfoWillExpire')).length, 1)
    await sleep(endsMs + 1000 - performance.now())
    await page.page.evaluate('peers.at(-1).close()')
    await until(async () => (await page.status()) === 'reconnecting', 6000)
    await until(async () => (await page.status()) === 'connected', 6000)
    await page.writeAndHear('damson')
    await page.close()
    const late = await SdkPage.open(browser, site)
    assert.equal(await late.join(server.origin, call), 'token-refused')
    await late.close()
  })

  test('a microphone that is unplugged is replaced, and another can be chosen', async () => {
    const page = await SdkPage.open(browser, site)
    assert.equal(await page.join(server.origin, await newCall(echoAgentId)), 'joined')
    const isSent = `peers[0].getSenders()[0].track === tracks.at(-1)`
    await page.page.evaluate(`tracks[0].dispatchEvent(new Event('ended'))`)
    await page.untilTold('microphoneChanged', ({ cause }) => cause === 'unplugged')
    await until(async () => (await page.page.evaluate(isSent)) === true, 2000)
    const deviceIds = (await page.page.evaluate(
      `client.listMicrophones().then((all) => all.map(({ deviceId }) => deviceId))`,
    )) as readonly string[]
    const chosen = deviceIds.at(-1) ?? ''
    await page.page.evaluate(`call.switchMicrophone('${chosen}')`)
    await page.untilTold('microphoneChanged', ({ cause }) => cause === 'chosen')
    assert.equal((await page.told('microphoneChanged')).at(-1)?.deviceId, chosen)
    await until(async () => (await page.page.evaluate(isSent)) === true, 2000)
    await page.close()
  })

  test('a call goes on when its server was killed and has come back', async () => {
    let mortal = await startAntiphon()
    const its = new ApiCaller(mortal)
    const call = await newCall(await makeEcho(its), 3600, its)
    const page = await SdkPage.open(browser, site)
    assert.equal(await page.join(mortal.origin, call), 'joined')
    await page.writeAndHear('elder')
    await mortal.end('SIGKILL')
    await until(async () => (await page.status()) === 'reconnecting', 6000)
    const { port } = new URL(mortal.origin)
    mortal = await startAntiphon({ folder: mortal.folder, env: { ANTIPHON_PORT: port } })
    await until(async () => (await page.status()) === 'connected', 15_000)
    await page.writeAndHear('fig')
    await page.close()
    await mortal.end('SIGKILL')
  })
})
