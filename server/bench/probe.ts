/**
 * Loaded into the server's processes by benchmarks (`node --import`), and not by the server: on SIGUSR2 it
 * collects garbage and writes down what the process holds and how its event loop was delayed since the last time.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'
import type { ProbeReading } from './server-processes.ts'

/** How often the histogram looks. */
const EVERY_MS = 10
const NS_PER_MS = 1e6

const folder = process.env['BENCH_PROBE_FOLDER']
if (isMainThread && folder !== undefined && /\/(main|worker)\.ts$/.test(process.argv[1] ?? '')) {
  probe(folder)
}

function probe(folder: string): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const delay = monitorEventLoopDelay({ resolution: EVERY_MS })
  // It costs a timer that would count as the server's work.
  if (process.env['BENCH_PROBE_LOOP'] !== undefined) delay.enable()
  process.on('SIGUSR2', () => {
    // What is measured is a wait of `EVERY_MS` and whatever came on top of it.
    const late = (ns: number): number => Math.max(0, ns / NS_PER_MS - EVERY_MS)
    const loop = {
      p50Ms: late(delay.percentile(50)),
      p99Ms: late(delay.percentile(99)),
      maxMs: late(delay.max),
    }
    collect()
    collect()
    const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage()
    const resources: Record<string, number> = {}
    for (const name of process.getActiveResourcesInfo()) {
      resources[name] = (resources[name] ?? 0) + 1
    }
    const reading: ProbeReading = {
      loop,
      resources,
      heapMb: heapUsed / 2 ** 20,
      externalMb: external / 2 ** 20,
      arrayBuffersMb: arrayBuffers / 2 ** 20,
      residentMb: rss / 2 ** 20,
    }
    const file = join(folder, `${process.pid}.json`)
    writeFileSync(`${file}.new`, JSON.stringify(reading))
    renameSync(`${file}.new`, file)
    delay.reset()
  })
}
