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
