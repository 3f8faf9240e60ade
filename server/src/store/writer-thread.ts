/**
 * The thread that holds the one connection that writes, so that waiting for the disk never holds up the server.
 * While it waits, the writes that arrive gather into the next batch; see `write-queue.ts`.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { BatchWriter } from './batch-writer.ts'
import { openForWriting } from './database.ts'
import type { FromWriter, ToWriter, WriterSettings } from './write.ts'

const { databasePath, run } = workerData as WriterSettings
const database = openForWriting(databasePath)
const writer = new BatchWriter(database, run)
const say = (message: FromWriter): void => parentPort?.postMessage(message)

parentPort?.on('message', (message: ToWriter) => {
  if (message.type === 'batch') {
    say({ type: 'outcomes', outcomes: writer.apply(message.writes) })
    return
  }
  database.close()
  parentPort?.close()
})
say({ type: 'ready' })
