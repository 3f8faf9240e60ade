/** The callers of a benchmark, in a process of their own; told what to do by `load-process.ts`. */
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { readWav } from '../src/media/wav.ts'
import { BenchCaller } from './bench-caller.ts'
import type { FromLoad, ToLoad } from './load-protocol.ts'

let callers: BenchCaller[] = []
const say = (message: FromLoad): void => void process.send?.(message)

process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToLoad) => {
  switch (message.type) {
    case 'connect':
      return void connect(message)
    case 'measure':
      for (const caller of callers) caller.measure()
      return
    case 'report':
      say({ type: 'reports', reports: callers.map((caller) => caller.report) })
      return
    case 'end':
      for (const caller of callers) caller.close()
      callers = []
  }
})
pump()

async function connect({ plans }: Extract<ToLoad, { readonly type: 'connect' }>): Promise<void> {
  const nowMs = performance.now()
  callers = plans.map((plan) => new BenchCaller(plan, recordingOf(plan.recording), nowMs))
  while (!callers.every((caller) => caller.isOpen)) await pause(5)
  say({ type: 'connected' })
}

function recordingOf(file: string | undefined): Buffer | undefined {
  if (file === undefined) return undefined
  const wav = readWav(readFileSync(file))
  if (!wav.ok) throw new Error(wav.error)
  const { samples } = wav.value
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
}

function pump(): void {
  const nowMs = performance.now()
  for (const caller of callers) caller.pump(nowMs)
  setTimeout(pump, 1)
}
