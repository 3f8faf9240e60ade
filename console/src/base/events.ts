import { CONSOLE_HEADERS } from './api.ts'
import { signedOut } from './session.ts'

/** An event that the server sends of its own accord. */
export interface ServerEvent {
  readonly name: string
  readonly data: unknown
}

/** Puts pieces of a `text/event-stream` together to events. */
export class EventParser {
  #rest = ''

  push(text: string): readonly ServerEvent[] {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    return blocks.flatMap((block) => {
      const lines = block.split('\n')
      const field = (name: string): string | undefined =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      const [name, data] = [field('event'), field('data')]
      return name === undefined || data === undefined ? [] : [{ name, data: JSON.parse(data) }]
    })
  }
}

interface EventListener {
  onEvent(event: ServerEvent): void
  /** `clockMs`: what the server's clock is ahead of the browser's. */
  onConnection?(isThere: boolean, clockMs: number): void
  /** Whoever is signed in may not listen. */
  onRefusal?(): void
}

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 15_000

/**
 * Listens to a stream of the server until the function returned is called; a lost connection is made anew. While the
 * page is hidden there is none: browsers have few to give.
 */
export function listen(path: string, listener: EventListener): () => void {
  let isOver = false
  let aborter: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let waitMs = FIRST_WAIT_MS

  const connect = async (): Promise<void> => {
    const own = new AbortController()
    aborter = own
    try {
      const response = await fetch(path, { headers: CONSOLE_HEADERS, signal: own.signal })
      if (response.status === 401) return signedOut()
      if (response.status === 403) return listener.onRefusal?.()
      if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`)
      waitMs = FIRST_WAIT_MS
      listener.onConnection?.(true, clockAhead(response))
      await read(response.body, (event) => {
        if (!isOver) listener.onEvent(event)
      })
    } catch {}
    if (isOver || aborter !== own) return
    aborter = undefined
    listener.onConnection?.(false, 0)
    timer = setTimeout(() => void connect(), waitMs)
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)
  }
  const close = (): void => {
    clearTimeout(timer)
    const old = aborter
    aborter = undefined
    old?.abort()
  }
  const onVisibility = (): void => {
    close()
    if (!document.hidden) void connect()
  }
  document.addEventListener('visibilitychange', onVisibility)
  if (!document.hidden) void connect()
  return () => {
    isOver = true
    document.removeEventListener('visibilitychange', onVisibility)
    close()
  }
}

async function read(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  const parser = new EventParser()
  const decoder = new TextDecoder()
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    for (const event of parser.push(decoder.decode(value, { stream: true }))) onEvent(event)
  }
}

/** The header is whole seconds; less than two is no difference. */
function clockAhead(response: Response): number {
  const aheadMs = Date.parse(response.headers.get('date') ?? '') - Date.now()
  return Math.abs(aheadMs) < 2000 || Number.isNaN(aheadMs) ? 0 : aheadMs
}
