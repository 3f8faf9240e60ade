import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'

const WALK = fileURLToPath(new URL('page-walk.js', import.meta.url))
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 375, height: 812 }
const ALL = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What depends on light and dark. */
const COLOUR = ['color-contrast']
/** What depends on the width, because something else is shown, or scrolls. */
const LAYOUT = [
  'scrollable-region-focusable',
  'target-size',
  'region',
  'page-has-heading-one',
  'heading-order',
  'label',
  'button-name',
  'link-name',
]
/** Steps that are taken before the page is asked whether the way round is over. */
const STEPS_AT_ONCE = 20
const MOST_STEPS = 600

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** Looks whether a page, as it is at the moment, can be used by everybody. */
export class PageCheck {
  readonly #page: Page
  readonly #session: CDPSession

  constructor(page: Page, session: CDPSession) {
    this.#page = page
    this.#session = session
  }

  /** To be called before the context has pages. */
  static async prepare(context: BrowserContext): Promise<void> {
    await context.addInitScript({ path: WALK })
  }

  static async of(page: Page): Promise<PageCheck> {
    return new PageCheck(page, await page.context().newCDPSession(page))
  }

  /**
   * What is wrong with it on a desk and on a phone, light and dark, to a screen reader and to the keyboard. Of what
   * is `isAlike` the page before in all but its content, one look at each is enough.
   */
  async troubles({ isAlike = false } = {}): Promise<readonly string[]> {
    const found: string[] = []
    const add = (look: string, list: readonly string[]): void => {
      for (const one of list) found.push(`${look}: ${one}`)
    }
    add('wide', await this.#violations(ALL))
    if (!isAlike) {
      await this.#page.emulateMedia({ colorScheme: 'dark' })
      add('wide, dark', await this.#violations(COLOUR))
      add('wide, by Tab', await this.#walk())
      await this.#page.emulateMedia({ colorScheme: 'light' })
    }
    await this.#page.setViewportSize(NARROW)
    if (!isAlike) add('narrow', await this.#violations(COLOUR))
    await this.#page.emulateMedia({ colorScheme: 'dark' })
    add('narrow, dark', await this.#violations([...COLOUR, ...LAYOUT]))
    add('narrow, by Tab', await this.#walk())
    await this.#page.setViewportSize(WIDE)
    await this.#page.emulateMedia({ colorScheme: 'light' })
    return found
  }

  async #violations(rules: readonly string[]): Promise<readonly string[]> {
    if (!(await this.#page.evaluate('"axe" in window'))) await this.#page.evaluate(AXE)
    const options = { runOnly: rules, resultTypes: ['violations'], preload: false }
    const found = (await this.#page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as {
      readonly violations: readonly Violation[]
    }
    return found.violations.map(({ id, nodes }) => `axe ${id}: ${nodes[0]?.html}`)
  }

  /** Once round the page by Tab. */
  async #walk(): Promise<readonly string[]> {
    await this.#page.evaluate('pageWalk.begin()')
    let rounds = 0
    for (let steps = 0; rounds < 1 && steps < MOST_STEPS; steps += STEPS_AT_ONCE) {
      await Promise.all(Array.from({ length: STEPS_AT_ONCE }, () => this.#pressTab()))
      rounds = (await this.#page.evaluate('pageWalk.rounds()')) as number
    }
    const found = (await this.#page.evaluate('pageWalk.troubles()')) as readonly string[]
    return rounds < 1 ? [...found, `no end after ${MOST_STEPS} steps`] : found
  }

  async #pressTab(): Promise<void> {
    const key = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 }
    await Promise.all([
      this.#session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key }),
      this.#session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key }),
    ])
  }
}
