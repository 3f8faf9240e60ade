/**
 * The thread that finds calls, on a connection of its own that only reads: going through millions of calls holds up
 * neither the server nor what is being written. One question at a time; see `search-queue.ts`.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from './data-folder.ts'
import { openForReading } from './database.ts'
import type { FromSearch, SearchAnswer, ToSearch } from './search-queue.ts'
import { SearchReader } from './search-reader.ts'

const { databasePath } = workerData as { readonly databasePath: string }
const reader = new SearchReader(openForReading(databasePath))
const say = (message: FromSearch): void => parentPort?.postMessage(message)

function answer(question: Exclude<ToSearch, { type: 'close' }>): SearchAnswer {
  switch (question.type) {
    case 'page':
      return reader.page(question.search)
    case 'count':
      return reader.countSome(question.filter, question.after)
    case 'estimate':
      return reader.estimate(question.filter)
  }
}

parentPort?.on('message', (message: ToSearch) => {
  if (message.type === 'close') {
    reader.close()
    parentPort?.close()
    return
  }
  try {
    say({ type: 'answer', value: answer(message) })
  } catch (error) {
    say({ type: 'failed', message: messageOf(error) })
  }
})
