/** Every page of the console that `npm run shots` takes a picture of, in the states that are worth one. */
import type { Page } from 'playwright-core'
import { pause, type Places } from './shot-calls.ts'

export interface Scene {
  readonly name: string
  /** May hold a name of {@link Places}, and begins a new page. */
  readonly path: string
  /** `new`: of a server that has seen nothing yet; `out`: nobody is signed in. */
  readonly server?: 'new' | 'out'
  /** What is done before the picture is taken. Nothing of it depends on the language. */
  readonly act?: (page: Page, places: Places) => Promise<void>
}

const part = (name: string): Scene => ({
  name: `agent-${name}`,
  path: `/agents/AGENT?part=${name}`,
})

/** Fills the fields of the page for a model, and asks for a test of it. */
const testing = (
  name: string,
  fields: (places: Places) => readonly [address: string, model: string, keyEnv: string],
  andThen?: (page: Page) => Promise<void>,
): Scene => ({
  name: `plug-in-${name}`,
  path: '/plug-in',
  act: async (page, places) => {
    const [address, model, keyEnv] = fields(places)
    const inputs = page.locator('main input')
    await inputs.nth(0).fill(address)
    await inputs.nth(1).fill(model)
    await inputs.nth(2).fill(keyEnv)
    await page.locator('main button:has(.icon-check)').click()
    await page.locator('[role=status] p').first().waitFor()
    await andThen?.(page)
  },
})

const call = async (page: Page): Promise<void> => {
  await page.locator('main button:has(.icon-phone)').click()
  await page.locator('main button:has(.icon-phone-down)').waitFor()
  await pause(4000)
}

const answerTab = (page: Page, nth: number): Promise<void> =>
  page.getByRole('tablist').first().getByRole('tab').nth(nth).click()

export const SCENES: readonly Scene[] = [
  { name: 'sign-in', path: '/', server: 'out' },
  {
    name: 'sign-in-wrong',
    path: '/',
    server: 'out',
    act: async (page) => {
      await page.locator('input').nth(0).fill('nobody')
      await page.locator('input').nth(1).fill('wrong')
      await page.locator('button[type=submit]').click()
      await page.locator('.text-danger').first().waitFor()
    },
  },
  { name: 'new-home', path: '/', server: 'new' },
  { name: 'new-agents', path: '/agents', server: 'new' },
  { name: 'new-calls', path: '/calls', server: 'new' },
  { name: 'home', path: '/' },
  { name: 'home-month', path: '/?range=month' },
  { name: 'talk', path: '/talk' },
  { name: 'talk-call', path: '/talk', act: call },
  { name: 'agents', path: '/agents' },
  ...['listening', 'turnEnd', 'interruption', 'thinking', 'speaking', 'presence'].map(part),
  ...['limits', 'more', 'providers', 'json', 'differences', 'prompt'].map(part),
  { name: 'agent-call', path: '/agents/AGENT?part=thinking', act: call },
  { name: 'plug-in', path: '/plug-in' },
  testing('works', ({ MODEL }) => [MODEL, 'small-1', 'RIGHT_KEY']),
  testing('wrong-key', ({ MODEL }) => [MODEL, 'small-1', 'WRONG_KEY']),
  testing('wrong-model', ({ MODEL }) => [MODEL, 'small-2', 'RIGHT_KEY']),
  { name: 'calls', path: '/calls' },
  { name: 'calls-filtered', path: '/calls?status=Finished&reason=stopped&text=hello' },
  { name: 'calls-none', path: '/calls?text=zebra' },
  { name: 'call', path: '/calls/CALL' },
  {
    name: 'call-pointed',
    path: '/calls/CALL',
    act: async (page) => {
      await page.getByTestId('timeline').first().locator('[data-kind=held]').first().hover()
    },
  },
  {
    name: 'call-what-if',
    path: '/calls/CALL',
    act: async (page) => {
      await page.locator('form input[inputmode=decimal]').fill('1000')
      await page.locator('form button[type=submit]').click()
      await page.getByTestId('timeline').nth(1).waitFor()
    },
  },
  { name: 'call-live', path: '/calls/LIVE' },
  { name: 'call-unknown', path: '/calls/00000000000000000000000000000000' },
  { name: 'explorer', path: '/explorer' },
  { name: 'explorer-form', path: '/explorer/GenerateAIAgentCall' },
  {
    name: 'explorer-answer',
    path: '/explorer/ListAIAgents',
    act: async (page) => {
      await page.locator('main button[type=submit]').click()
      await page.getByText('HTTP 200').waitFor()
    },
  },
  {
    name: 'explorer-code',
    path: '/explorer/DescribeStatistics',
    act: (page) => answerTab(page, 2),
  },
  {
    name: 'explorer-refusals',
    path: '/explorer/StopAIAgentInstance',
    act: (page) => answerTab(page, 3),
  },
  { name: 'no-such-page', path: '/nothing' },
]
