import type { Page } from 'playwright-core'

/**
 * Notes what a page of the console must never do: break, speak to another server, or come under a policy that
 * lets in what stands in the page itself. Its own policy's complaints come as errors of the browser's console.
 */
export class PageGuard {
  readonly troubles: string[] = []
  readonly #host: string

  constructor(page: Page, origin: string) {
    this.#host = new URL(origin).host
    page.on('pageerror', ({ message }) => this.troubles.push(message))
    page.on('console', (message) => {
      // A refusal of the API is no trouble of the page.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.troubles.push(message.text())
    })
    page.on('request', (request) => this.#look(request.url()))
    page.on('websocket', (socket) => this.#look(socket.url()))
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'document') return
      const policy = response.headers()['content-security-policy'] ?? 'none'
      if (!policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"))
        this.troubles.push(`the policy of ${response.url()} is ${policy}`)
      if (policy.includes('unsafe')) this.troubles.push(`${response.url()} allows ${policy}`)
    })
  }

  #look(url: string): void {
    if (/^(data|blob):/.test(url)) return
    if (new URL(url).host !== this.#host) this.troubles.push(`asked elsewhere: ${url}`)
  }
}

/** What scripts of another site get for asking the server to change or tell something: a status, or `refused`. */
export async function tryAsAnotherSite(page: Page, origin: string): Promise<readonly unknown[]> {
  return (await page.evaluate(`(async () => {
    const change = '/?Action=CreateUser&Version=2026-11-01&UserName='
    const send = async (path, headers) => {
      try {
        const address = ${JSON.stringify(origin)} + path
        return (await fetch(address, { method: 'POST', credentials: 'include', headers })).status
      } catch {
        return 'refused'
      }
    }
    return [
      await send(change + 'eve', { 'x-antiphon-console': '1' }),
      await send(change + 'eva', {}),
      await send('/console/session', { 'content-type': 'text/plain' }),
      await send('/console/live', {}),
    ]
  })()`)) as readonly unknown[]
}
