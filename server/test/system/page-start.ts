import type { Browser, BrowserContextOptions } from 'playwright-core'

/** Notes when a link of the page first does what it should, and how long the script has held it up since. */
const WATCH_START = `{
  const start = { clickMs: 0, busyUntilMs: 0 }
  window.start = start
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      start.busyUntilMs = Math.max(start.busyUntilMs, startTime + duration)
  }).observe({ type: 'longtask', buffered: true })
  const look = () => {
    document.querySelector('main a[href="/talk"]')?.click()
    if (location.pathname === '/talk') start.clickMs = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}`

export interface ColdStart {
  /** All that went over the wire until the page was of use, as it went: gzipped. */
  readonly bytes: number
  /** When a link of the page worked and no long task held the page up any more, from the start of the load. */
  readonly usefulMs: number
}

/** Opens the console's first page in a browser that has nothing of it yet. */
export async function coldStart(
  browser: Browser,
  storageState: NonNullable<BrowserContextOptions['storageState']>,
  origin: string,
): Promise<ColdStart> {
  const context = await browser.newContext({ storageState })
  await context.addInitScript(WATCH_START)
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  await page.goto(origin)
  await page.waitForURL('**/talk')
  const { clickMs, busyUntilMs } = (await page.evaluate('start')) as {
    readonly clickMs: number
    readonly busyUntilMs: number
  }
  await context.close()
  return { bytes, usefulMs: Math.max(clickMs, busyUntilMs) }
}
