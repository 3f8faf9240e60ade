/** Somebody watches calls in the console, looks into one, plays it again, and takes another over. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startAntiphon, temporaryFolder, until, type Antiphon } from './antiphon-process.ts'
import { ApiCaller, type HeldCall } from './api-caller.ts'
import { findChrome, launchChrome } from './chrome.ts'
import { writeMicrophoneFile } from './microphone-file.ts'
import { sound } from './socket-caller.ts'

const { path: chromePath, skip } = findChrome()
const speech = sound('en_01.wav').subarray(0.4 * 16_000, 2.7 * 16_000)
const microphonePath = join(temporaryFolder(), 'microphone.wav')

let server: Antiphon
let api: ApiCaller
let browser: Browser
let page: Page
let agentId: string

before(async () => {
  if (chromePath === undefined) return
  writeMicrophoneFile(microphonePath, [1000])
  ;[server, browser] = await Promise.all([
    startAntiphon(),
    launchChrome(chromePath, microphonePath),
  ])
  api = new ApiCaller(server)
  agentId = await api.makeAgent(
    { Greeting: '', AsrConfig: { AsrMaxSilence: 400 }, antiphon: { Recording: 'Call' } },
    {
      asr: { provider: 'scripted', texts: ['What time is it?'], partials: true, delayMs: 40 },
      llm: {
        provider: 'scripted',
        replies: ['It is noon, and the sun shines.'],
        firstTokenMs: 150,
      },
      tts: { provider: 'scripted', msPerChar: 30, firstAudioMs: 50 },
      vad: { provider: 'energy' },
    },
  )
  const context = await browser.newContext({
    permissions: ['microphone'],
    viewport: { width: 1280, height: 900 },
  })
  page = await context.newPage()
  page.setDefaultTimeout(10_000)
  await page.goto(`${server.origin}/?token=${server.token}`)
})

after(async () => {
  if (chromePath === undefined) return
  await browser.close()
  await server.end('SIGKILL')
})

async function answered({ caller }: HeldCall): Promise<void> {
  const answers = caller.answered().size
  await caller.play(speech)
  await until(() => caller.answered().size > answers && caller.of(1001).at(-1)?.data['state'] === 1)
}

test('a call is seen as it goes on, looked into, and played again', { skip }, async () => {
  await page.goto(`${server.origin}/calls`)
  await page.getByText('No call is going on. Calls appear here').waitFor()
  const call = await api.startCall(agentId)
  const row = page.getByRole('list', { name: 'Now' }).getByRole('listitem')
  await row.getByText('Listening').waitFor()
  const asking = answered(call)
  await row.getByText('User speaks').waitFor()
  await row.getByText('Agent speaks').waitFor()
  await asking
  await row.getByText(/^\d+ ms$/).waitFor()

  await row.getByRole('link').click()
  const transcript = page.getByRole('list', { name: 'Transcript' }).getByRole('listitem')
  await transcript.filter({ hasText: 'It is noon' }).waitFor()
  await answered(call)
  await transcript.nth(3).filter({ hasText: 'It is noon, and the sun shines.' }).waitFor()
  await api.stop(call.instanceId)

  await page.getByRole('link', { name: 'Recording' }).waitFor()
  const delays = page.getByRole('list', { name: 'Answer delays' }).getByRole('listitem')
  assert.equal(await delays.count(), 2)
  assert.match(
    await delays.first().innerText(),
    /Silence waited (39|4\d)\d ms, Model, first word 1\d\d ms/,
  )
  const timeline = page.getByTestId('timeline').first()
  for (const kind of ['speech', 'silence', 'hearing', 'model', 'synthesis', 'playout'])
    assert.equal(await timeline.locator(`[data-kind=${kind}]`).count(), 2, kind)
  await page.getByRole('group', { name: /^Timeline/ }).focus()
  for (let steps = 0; steps < 2; steps += 1) await page.keyboard.press('ArrowRight')
  await page.getByText('silence 400 ms').first().waitFor()

  await transcript.nth(2).getByRole('button', { name: /^Play/ }).click()
  await transcript.nth(2).getByRole('button', { name: /^Stop/ }).waitFor()

  await page.getByRole('textbox', { name: 'AsrMaxSilence' }).fill('1000')
  await page.getByRole('button', { name: 'Play again' }).click()
  const differences = page.getByRole('list', { name: 'What if' }).getByRole('listitem')
  await differences.first().waitFor()
  assert.match(await differences.first().innerText(), /“What time is it\?” is answered after/)
  assert.equal(await page.getByTestId('timeline').nth(1).locator('[data-kind=silence]').count(), 4)
})

test('a call is taken over from the list, and ends when the human hangs up', { skip }, async () => {
  const call = await api.startCall(agentId)
  await page.goto(`${server.origin}/calls`)
  const row = page.getByRole('list', { name: 'Now' }).getByRole('listitem')
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
