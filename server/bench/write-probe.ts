/**
 * Loaded into the control process by a benchmark: counts the sentences, or more of one, that are sent to the thread that writes,
 * and says how many there were when asked by SIGUSR2, on standard error.
 */
import { isMainThread, Worker } from 'node:worker_threads'

interface Batch {
  readonly type: string
  readonly writes?: readonly { readonly records?: readonly { readonly type: string }[] }[]
}

if (isMainThread && process.argv[1]?.endsWith('main.ts') === true) {
  let sentences = 0
  const { postMessage } = Worker.prototype
  Worker.prototype.postMessage = function (message: Batch, transfer): void {
    for (const { records = [] } of message?.writes ?? []) {
      for (const { type } of records) if (type === 'sentence') sentences += 1
    }
    postMessage.call(this, message, transfer)
  }
  process.on('SIGUSR2', () => process.stderr.write(`sentences written: ${sentences}\n`))
}
