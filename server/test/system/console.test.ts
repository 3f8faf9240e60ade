/** The console as a team uses it: one story from sign-in to the API, and what it left out of each page. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startAntiphon, temporaryFolder, until, type Antiphon } from './antiphon-process.ts'
import { ApiCaller } from './api-caller.ts'
import { findChrome, launchChrome } from './chrome.ts'
import { ConsolePage } from './console-page.ts'
import { writeMicrophoneFile } from './microphone-file.ts'
import { PageGuard } from './page-guard.ts'
import { OWN_VERSION } from './vendor-client.ts'

const { path: chromePath, skip } = findChrome()
const microphonePath = join(temporaryFolder(), 'microphone.wav')

let server: Antiphon
let api: ApiCaller
let browser: Browser
let context: BrowserContext
let page: Page

before(async () => {
  if (chromePath === undefined) return
  writeMicrophoneFile(microphonePath, [5000, 'en_01'])
  ;[server, browser] = await Promise.all([
    startAntiphon(),
    launchChrome(chromePath, microphonePath),
  ])
  api = new ApiCaller(server)
  context = await browser.newContext({
    locale: 'en-GB',
    permissions: ['microphone'],
    viewport: { width: 1440, height: 900 },
  })
  context.setDefaultTimeout(15_000)
  page = await context.newPage()
})

after(async () => {
  if (chromePath === undefined) return
  await browser.close()
  await server.end('SIGKILL')
})

interface Agent {
  readonly AIAgentId: string
  readonly Name: string
  readonly AgentConfig: Readonly<Record<string, unknown>>
}

async function agents(): Promise<readonly Agent[]> {
  const answer = await api.vendor.call('ListAIAgents', {}, OWN_VERSION)
  return answer['Agents'] as readonly Agent[]
}

const open = (path: string) => page.goto(server.origin + path, { waitUntil: 'load' })
const field = (label: string) => page.getByLabel(label, { exact: true })
const tab = (name: string) => page.getByRole('tab', { name, exact: true })
const button = (name: string) => page.getByRole('button', { name, exact: true })
const place = (name: string) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).first()
const live = (of: Page) => of.getByRole('list', { name: 'Now' }).getByRole('listitem')

test(
  'a team signs in, makes an agent, talks to it, and looks into the call',
  { skip },
  async () => {
    const guard = new PageGuard(page, server.origin)
    await page.goto(`${server.origin}/?token=${server.token}`)
    await page.getByRole('heading', { name: 'First steps' }).waitFor()
    assert.equal(page.url(), `${server.origin}/`)
    const agentId = await makeReception()
    const watch = await context.newPage()
    const watchGuard = new PageGuard(watch, server.origin)
    const callId = await talkBesideTheEditor(watch)
    await lookInto(watch, callId)
    await watch.close()
    await findByTheApi(agentId, callId)
    assert.deepEqual([...guard.troubles, ...watchGuard.troubles], [])
  },
)

/** By the form of the editor alone; gives back the agent's id. */
async function makeReception(): Promise<string> {
  await place('Agents').click()
  await button('New agent').click()
  await field('Name').fill('Reception')
  await field('AsrMaxSilence').fill('500')
  await tab('Interruption').click()
  await field('EnableVoiceInterrupt').selectOption({ label: 'Off' })
  await tab('Speaking').click()
  await field('Greeting').fill('Good morning!')
  await tab('More').click()
  await field('Recording').selectOption({ label: 'Call' })
  await button('Save').click()
  await page.getByText('Saved.', { exact: true }).waitFor()
  const saved = (await agents()).find(({ Name }) => Name === 'Reception')
  assert.deepEqual(saved?.AgentConfig, {
    AsrConfig: { AsrMaxSilence: 500 },
    InterruptConfig: { EnableVoiceInterrupt: false },
    Greeting: 'Good morning!',
    antiphon: { Recording: 'Call' },
  })
  return saved?.AIAgentId ?? ''
}

/** A call with the built-in providers, which somebody else sees in the list; gives back its id. */
async function talkBesideTheEditor(watch: Page): Promise<string> {
  const desk = new ConsolePage(page)
  await watch.goto(`${server.origin}/calls`)
  await button('Call').click()
  await desk.untilSaid('Agent', /Good morning!/)
  const row = live(watch).filter({ hasText: 'Reception' })
  await row.getByText('Listening').waitFor()
  await row.getByText('User speaks').waitFor()
  await row.getByText('Agent speaks').waitFor()
  await desk.untilSaid('You', /hear me clearly/)
  await desk.untilSaid('Agent', /I can hear you/)
  await row
    .getByText(/^[\d.]+ m?s$/)
    .nth(1)
    .waitFor()
  await row.getByText('Listening').waitFor()
  const address = await row.getByRole('link').getAttribute('href')
  await button('Hang up').click()
  await desk.untilShown('Call ended')
  return address?.split('/').at(-1) ?? ''
}

/** The call is over: why it took so long to answer, and whether another setting would have been better. */
async function lookInto(watch: Page, callId: string): Promise<void> {
  await watch.getByText('No call is going on. Calls appear here').waitFor()
  await watch.locator(`tbody a[href="/calls/${callId}"]`).click()
  await watch.getByRole('link', { name: 'Recording' }).waitFor()
  const delays = watch.getByRole('list', { name: 'Answer delays' }).getByRole('listitem')
  await delays.first().waitFor()
  assert.equal(await delays.count(), 1)
  assert.match(await delays.innerText(), /Silence waited (49|5\d)\d ms.*Synthesis/s)
  const timelines = watch.getByTestId('timeline')
  for (const kind of ['speech', 'silence', 'hearing', 'synthesis', 'playout'])
    assert.notEqual(await timelines.first().locator(`[data-kind=${kind}]`).count(), 0, kind)
  const said = watch.getByRole('list', { name: 'Transcript' }).getByRole('listitem')
  await said.filter({ hasText: 'I can hear you' }).getByRole('button', { name: /^Play/ }).click()
  await watch.getByRole('button', { name: /^Stop/ }).waitFor()

  await watch.getByRole('textbox', { name: 'AsrMaxSilence' }).fill('1000')
  await watch.getByRole('button', { name: 'Play again' }).click()
  const differences = watch.getByRole('list', { name: 'What if' }).getByRole('listitem')
  await differences.first().waitFor()
  assert.match(await differences.first().innerText(), /hear me clearly.* is answered after/s)
  const both = timelines.nth(1)
  assert.ok((await both.locator('[data-kind=silence]').count()) >= 2, 'both are drawn')
  assert.ok((await both.locator('[data-kind=playout]').count()) >= 4, 'both are drawn')
}

/** What the console has shown is what the API says. */
async function findByTheApi(agentId: string, callId: string): Promise<void> {
  await place('API explorer').click()
  await page.getByRole('heading', { name: 'ListAIAgentInstance' }).waitFor()
  await field('AIAgentId · required').fill(agentId)
  await button('Send').click()
  await page.getByText('HTTP 200').waitFor()
  const answer = await page.getByLabel('Answer', { exact: true }).last().innerText()
  // The list names a call by the address of its log alone.
  assert.match(answer, new RegExp(`"CallLogUrl": "${server.origin}/logs/${callId}\\.json`))
  assert.match(answer, /"Status": "Finished"/)
}

test('an agent is checked, changed as JSON too, copied and deleted', { skip }, async () => {
  await open('/agents')
  await page.getByRole('link', { name: 'Reception' }).click()
  await field('AsrMaxSilence').fill('100')
  await page.getByText('Allowed: 200–1200.').waitFor()
  assert.ok(await button('Save').isDisabled(), 'what is wrong cannot be saved')
  await field('AsrMaxSilence').fill('800')
  await tab('JSON').click()
  const json = page.getByRole('textbox', { name: 'JSON' })
  assert.match(await json.inputValue(), /"AsrMaxSilence": 800/)
  await json.fill('{"Greeting":"Good day!","AsrConfig":{"AsrMaxSilence":900},"Own":1}')
  await tab('Differences').click()
  await page.getByRole('cell', { name: 'AsrConfig.AsrMaxSilence' }).waitFor()
  await button('Save').click()
  await page.getByText('Saved.', { exact: true }).waitFor()
  const config = { Greeting: 'Good day!', AsrConfig: { AsrMaxSilence: 900 }, Own: 1 }
  const saved = (await agents()).find(({ Name }) => Name === 'Reception')
  assert.deepEqual(saved?.AgentConfig, config)

  await open('/agents')
  await button('Copy: Reception').click()
  await page.getByRole('link', { name: 'Copy of Reception' }).waitFor()
  await button('Delete: Copy of Reception').click()
  await button('Delete').click()
  await until(async () => (await agents()).every(({ Name }) => Name !== 'Copy of Reception'))
  assert.deepEqual((await agents()).map(({ Name }) => Name).toSorted(), ['Demo', 'Reception'])
})

test(
  'an operation is signed with a key in the explorer, and its secret stays there',
  { skip },
  async () => {
    const agent = (await agents()).find(({ Name }) => Name === 'Demo')
    await open('/explorer/ListAIAgentInstance')
    const send = button('Send')
    assert.ok(await send.isDisabled(), 'a parameter is missing')
    await field('AIAgentId · required').fill(agent?.AIAgentId ?? '')
    await field('Signed by').selectOption({ label: 'an access key' })
    await field('AccessKeyId').fill(server.accessKeyId)
    await field('AccessKeySecret').fill('wrong')
    await send.click()
    await page.getByText('SignatureDoesNotMatch').first().waitFor()
    await field('AccessKeySecret').fill(server.accessKeySecret)
    await send.click()
    await page.getByText('"Instances": []').waitFor()
    await tab('Request').click()
    const request = await page.getByLabel('Request', { exact: true }).last().innerText()
    assert.match(request, /authorization: ACS3-HMAC-SHA256 Credential=/)
    assert.ok(!request.includes(server.accessKeySecret))
    await tab('Code').click()
    const code = await page.getByLabel('TypeScript', { exact: true }).last().innerText()
    assert.match(code, new RegExp(agent?.AIAgentId ?? 'none'))
    assert.ok(!code.includes(server.accessKeySecret), 'a secret stands in the code')
  },
)

test('a call is taken over from the list, and ends when the human hangs up', { skip }, async () => {
  const agentId = await api.makeAgent(
    { Greeting: '' },
    {
      asr: { provider: 'scripted' },
      llm: { provider: 'scripted', echo: true },
      tts: { provider: 'scripted' },
      vad: { provider: 'energy' },
    },
  )
  const call = await api.startCall(agentId)
  await open('/calls')
  const row = live(page)
  await row.getByRole('button', { name: /^Say something/ }).click()
  await page.getByRole('textbox', { name: 'What the agent shall say' }).fill('One moment, please.')
  await page.getByRole('button', { name: 'Say it' }).click()
  await until(() => [...call.caller.answered().values()].includes('One moment, please.'))

  await row.getByRole('button', { name: /^Take over/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take over' }).click()
  await page.getByText('You are speaking in the agent’s place.').waitFor()
  await row.getByText('A human speaks').waitFor()
  await page.getByRole('button', { name: 'Hang up' }).click()
  await until(async () => (await api.status(call.instanceId)) === 'Finished')
  assert.equal((await api.log(call.instanceId)).antiphon.endReason, 'takeover-ended')
  await page.getByText('No call is going on. Calls appear here').waitFor()
})
