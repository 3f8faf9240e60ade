import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from 'playwright-core'

const SHOTS = join(dirname(fileURLToPath(import.meta.url)), '../../../shots')
const WIDTHS_PX = [1440, 375]

/** The call page, by what its user sees. */
export class ConsolePage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  get subtitles(): Locator {
    return this.page.getByRole('region', { name: 'Subtitles' }).getByRole('listitem')
  }

  /** Chooses an agent and calls it. */
  async call(agent: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Agent' }).selectOption({ label: agent })
    await this.page.getByRole('button', { name: /^Call( again)?$/ }).click()
    await this.button('Hang up').waitFor()
  }

  /** What one side has said, line by line. */
  async lines(side: 'Agent' | 'You'): Promise<readonly string[]> {
    const lines = await this.subtitles.locator('p').allInnerTexts()
    const sides = await this.subtitles.locator('.sr-only').allInnerTexts()
    return lines.filter((_, index) => sides[index]?.startsWith(side))
  }

  /** Waits until a line of the agent or the user says this. */
  async untilSaid(side: 'Agent' | 'You', words: RegExp, timeout = 15_000): Promise<void> {
    await this.#untilSeen(this.#line(side, words), `${side}: ${String(words)}`, timeout)
  }

  isSaid(side: 'Agent' | 'You', words: RegExp): Promise<boolean> {
    return this.#line(side, words).isVisible()
  }

  /** Waits for the state that the call panel shows, or for another text of the page. */
  async untilShown(text: string, timeout = 15_000): Promise<void> {
    await this.#untilSeen(this.page.getByText(text, { exact: true }).first(), text, timeout)
  }

  /** Waits until the microphone, as of its last opening, has been open for so long. */
  async untilMicrophoneAt(ms: number): Promise<void> {
    await this.page.evaluate(`untilMicrophoneAt(${ms})`)
  }

  /** Sends a written message to the agent. */
  async write(text: string): Promise<void> {
    const box = this.page.getByRole('textbox', { name: 'Message to the agent' })
    await box.fill(text)
    await box.press('Enter')
  }

  /** Saves the page as it looks on a desk and on a phone. */
  async shoot(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true })
    for (const width of WIDTHS_PX) {
      await this.page.setViewportSize({ width, height: width === 375 ? 812 : 900 })
      await this.page.screenshot({ path: join(SHOTS, `${name}-${width}.png`) })
    }
  }

  async #untilSeen(wanted: Locator, name: string, timeout: number): Promise<void> {
    await wanted.waitFor({ timeout }).catch(async () => {
      const shown = await this.page.locator('body').innerText()
      throw new Error(`The page does not show “${name}”, but:\n${shown}`)
    })
  }

  #line(side: 'Agent' | 'You', words: RegExp): Locator {
    return this.subtitles
      .filter({ hasText: `${side}:` })
      .filter({ hasText: words })
      .first()
  }
}
