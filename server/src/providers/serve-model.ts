import { parentPort, type Transferable } from 'node:worker_threads'
import { systemClock } from '../base/system-clock.ts'
import type { FromThread, ToThread } from './model-thread.ts'

/** Answers one question. `reply` may be called at any time, any number of times. */
export type Answering<Ask, Reply> = (
  ask: Ask,
  reply: (reply: Reply, transfer?: readonly Transferable[]) => void,
) => void

/** The thread's side of `ModelThread`: loads the model, then answers. For the module of a thread alone. */
export async function serveModel<Ask, Reply>(
  load: () => Answering<Ask, Reply> | Promise<Answering<Ask, Reply>>,
): Promise<void> {
  const port = parentPort
  if (port === null) throw new Error('serveModel must run in a worker thread')
  const tell = (message: FromThread<Reply>, transfer: readonly Transferable[] = []): void =>
    port.postMessage(message, transfer)
  const startedMs = systemClock.nowMs()
  let answer: Answering<Ask, Reply>
  try {
    answer = await load()
  } catch (error) {
    tell({ type: 'failure', message: error instanceof Error ? error.message : String(error) })
    return
  }
  tell({ type: 'ready', loadMs: Math.round(systemClock.nowMs() - startedMs) })
  port.on('message', (message: ToThread<Ask>) => {
    if (message.type === 'ping') tell({ type: 'pong' })
    else answer(message.ask, (reply, transfer) => tell({ type: 'reply', reply }, transfer))
  })
}
