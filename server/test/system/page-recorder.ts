import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'

const LISTENER = fileURLToPath(new URL('page-listener.js', import.meta.url))

/** What a page's microphone gave and what the page received, on one timeline, at 16 kHz. */
export interface Recording {
  readonly microphone: Int16Array
  readonly agent: Int16Array
}

/** Has every page of the context record its calls. */
export async function recordPages(context: BrowserContext): Promise<void> {
  await context.addInitScript({ path: LISTENER })
}

interface Piece {
  readonly atSample: number
  /** Microphone and agent by turns. */
  readonly samples: Int16Array
}

/** Collects what a page records, from here on. */
export class PageRecorder {
  readonly #page: Page
  readonly #pieces: Piece[] = []

  constructor(page: Page) {
    this.#page = page
  }

  /** All so far. */
  async recording(): Promise<Recording> {
    const taken = (await this.#page.evaluate('takeRecording()')) as readonly {
      readonly atSample: number
      readonly base64: string
    }[]
    for (const { atSample, base64 } of taken) {
      const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
      this.#pieces.push({ atSample, samples: new Int16Array(bytes.buffer) })
    }
    const startSample = this.#pieces[0]?.atSample ?? 0
    const last = this.#pieces.at(-1)
    const endSample = last === undefined ? 0 : last.atSample + last.samples.length / 2
    const microphone = new Int16Array(endSample - startSample)
    const agent = new Int16Array(endSample - startSample)
    for (const { atSample, samples } of this.#pieces)
      for (let index = 0; index < samples.length; index += 2) {
        microphone[atSample - startSample + index / 2] = samples[index] ?? 0
        agent[atSample - startSample + index / 2] = samples[index + 1] ?? 0
      }
    return { microphone, agent }
  }
}
