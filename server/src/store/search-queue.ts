import { Worker } from 'node:worker_threads'
import {
  SearchBusy,
  type SearchStore,
  type CallCount,
  type CallCursor,
  type CallFilter,
  type CallPage,
  type CallSearch,
} from '../ports/search-store.ts'
import type { CountedStretch } from './search-reader.ts'

export type ToSearch =
  | { readonly type: 'page'; readonly search: CallSearch }
  | { readonly type: 'count'; readonly filter: CallFilter; readonly after?: CallCursor }
  | { readonly type: 'estimate'; readonly filter: CallFilter }
  | { readonly type: 'close' }

export type SearchAnswer = CallPage | CountedStretch | CallCount

export type FromSearch =
  | { readonly type: 'answer'; readonly value: SearchAnswer }
  | { readonly type: 'failed'; readonly message: string }

interface Waiting {
  readonly question: ToSearch
  resolve(value: SearchAnswer): void
  reject(error: Error): void
}

/** Questions that may wait; further ones are refused. */
const WAITING_LIMIT = 100

/** The queue before the thread that finds calls, which is started by the first question. */
export class SearchQueue implements SearchStore {
  readonly #databasePath: string
  #thread: Worker | undefined
  /** The first one is being answered. */
  readonly #waiting: Waiting[] = []
  #isClosed = false

  constructor(databasePath: string) {
    this.#databasePath = databasePath
  }

  async page(search: CallSearch): Promise<CallPage> {
    return (await this.#ask({ type: 'page', search })) as CallPage
  }

  async count(filter: CallFilter, precision: 'exact' | 'estimated'): Promise<CallCount> {
    if (precision === 'estimated') {
      return (await this.#ask({ type: 'estimate', filter })) as CallCount
    }
    let count = 0
    let after: CallCursor | undefined
    // One stretch after the other: what others ask meanwhile comes between.
    do {
      const question = { type: 'count', filter, ...(after && { after }) } as const
      const stretch = (await this.#ask(question)) as CountedStretch
      count += stretch.count
      after = stretch.next
    } while (after !== undefined)
    return { count, isExact: true }
  }

  /** Questions that wait are refused. */
  async close(): Promise<void> {
    this.#isClosed = true
    const thread = this.#thread
    if (thread === undefined) return
    const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
    this.#die(new Error('The store is closed.'))
    thread.postMessage({ type: 'close' } satisfies ToSearch)
    await ended
  }

  #ask(question: ToSearch): Promise<SearchAnswer> {
    if (this.#isClosed) return Promise.reject(new Error('The store is closed.'))
    if (this.#waiting.length >= WAITING_LIMIT) return Promise.reject(new SearchBusy())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject })
      if (this.#waiting.length === 1) this.#askNext()
    })
  }

  #askNext(): void {
    const [first] = this.#waiting
    if (first !== undefined) this.#running().postMessage(first.question)
  }

  #running(): Worker {
    if (this.#thread !== undefined) return this.#thread
    const workerData = { databasePath: this.#databasePath }
    const thread = new Worker(new URL('./search-thread.ts', import.meta.url), { workerData })
    this.#thread = thread
    thread.on('message', (message: FromSearch) => {
      const answered = this.#waiting.shift()
      if (message.type === 'answer') answered?.resolve(message.value)
      else answered?.reject(new Error(message.message))
      this.#askNext()
    })
    // What waits fails with the thread; the next question starts a new one.
    thread.on('error', (error) => {
      this.#thread = undefined
      this.#die(error instanceof Error ? error : new Error(String(error)))
    })
    return thread
  }

  #die(error: Error): void {
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error)
  }
}
