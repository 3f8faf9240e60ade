import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { until } from './antiphon-process.ts'

const SCRIPT = fileURLToPath(new URL('sdk-page.js', import.meta.url))

/** What a page is told to join a call. */
export interface Ticket {
  readonly channelId: string
  readonly userId: string
  readonly token: string
}

export interface Told {
  readonly name: string
  readonly status?: string
  readonly text?: string
  readonly token?: string
  readonly cause?: string
  readonly deviceId?: string
}

/** A web server of another origin than antiphon's; every path is the same page. */
export async function servePage(html: string): Promise<{ origin: string; server: Server }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

/** A page that uses the browser library, in a browser profile of its own. */
export class SdkPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  static async open(
    browser: Browser,
    origin: string,
    { permissions = ['microphone'], relayPort = 0 } = {},
  ): Promise<SdkPage> {
    const context = await browser.newContext({ permissions })
    await context.addInitScript({ path: SCRIPT })
    if (relayPort !== 0) await context.addInitScript(`window.relayPort = ${relayPort}`)
    const page = await context.newPage()
    await page.goto(origin)
    return new SdkPage(page)
  }

  /** `joined`, or the code of the error. */
  join(serverOrigin: string, ticket: Ticket): Promise<string> {
    const { channelId, userId, token } = ticket
    const given = JSON.stringify([serverOrigin, { channelId, userId, token }])
    return this.page.evaluate(`joinCall(...${given})`)
  }

  async told(name: string): Promise<readonly Told[]> {
    const told = (await this.page.evaluate('told')) as readonly Told[]
    return told.filter((one) => one.name === name)
  }

  async untilTold(name: string, holds: (one: Told) => boolean, limitMs = 10_000): Promise<void> {
    const isTold = async (): Promise<boolean> => (await this.told(name)).some(holds)
    await until(isTold, limitMs).catch(async () => {
      const told = JSON.stringify(await this.page.evaluate('told'), null, 1)
      throw new Error(`${name} is not told within ${limitMs} ms, but ${told}`)
    })
  }

  /** The state of the connection that was told last. */
  async status(): Promise<string | undefined> {
    return (await this.told('connectionStatusChange')).at(-1)?.status
  }

  /** Writes to an agent that repeats what it is told, and waits until it has. */
  async writeAndHear(word: string): Promise<void> {
    await this.page.evaluate(`call.sendTextToAgent('${word}')`)
    await this.untilTold('agentSubtitleNotify', ({ text }) => text?.includes(word) === true)
  }

  close(): Promise<void> {
    return this.page.context().close()
  }
}
