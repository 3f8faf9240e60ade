/** `npm run bench simulate`: an hour of scripted conversation in virtual time, and what its trace takes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readScenario } from '../src/cli/simulate/read-scenario.ts'
import { runScenario } from '../src/cli/simulate/run-scenario.ts'
import { packText } from '../src/store/trace-codec.ts'
import { aim, line } from './figures.ts'

const RUNS = 3
const AIM_MS = 1000

/** Six turns a minute, as long as people's and agents' are. */
const SCENARIO = `
agent: { Greeting: 'Hello!' }
model: { otherwise: { text: 'This is an answer of the length that people hear in one go, six seconds or so.' } }
steps:
  - { after: agent-done, wait: 1s }
  - repeat: 390
    steps:
      - { say: 'What would you say to this question of mine?' }
      - { after: agent-done, wait: 1s }
until: 1s
expect:
  - { heard: This is an answer, times: 390 }
`

export async function benchSimulate(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'antiphon-bench-'))
  try {
    const path = join(folder, 'hour.yaml')
    writeFileSync(path, SCENARIO)
    for (let run = 0; run < RUNS; run += 1) {
      const startedMs = performance.now()
      const { lengthMs, unmet, failures, records } = await runScenario(readScenario(path), {})
      const tookMs = performance.now() - startedMs
      if (unmet.length + failures.length > 0) throw new Error(JSON.stringify([unmet, failures]))
      const minutes = lengthMs / 60_000
      line(
        `${minutes.toFixed(1)} minutes of conversation`,
        `in ${tookMs.toFixed(0)} ms  ${aim(tookMs, AIM_MS, 'ms')}`,
      )
      if (run < RUNS - 1) continue
      const lines = records.flatMap((record) => (record.type === 'trace' ? [record.lines] : []))
      const plain = lines.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
      const packed = lines.reduce((sum, text) => sum + packText(text).body.length, 0)
      const decisions = records.flatMap((record) =>
        record.type === 'decision' ? [JSON.stringify(record.decision).length] : [],
      )
      const told = decisions.reduce((sum, length) => sum + length, 0)
      const kb = (bytes: number): string => `${(bytes / 1000 / minutes).toFixed(1)} kB`
      line('trace, a minute of call', `${kb(plain)} in the call log, ${kb(packed)} in the store`)
      line('  in pieces', `${(lines.length / minutes).toFixed(0)} a minute`)
      line(
        'decisions, a minute of call',
        `${kb(told)}, ${(decisions.length / minutes).toFixed(0)} of them`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) await benchSimulate()
