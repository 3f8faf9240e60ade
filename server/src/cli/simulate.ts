import { parseArgs } from 'node:util'
import { systemClock } from '../base/system-clock.ts'
import { UsageError, type Command, type CommandIo } from './command.ts'
import { readScenario } from './simulate/read-scenario.ts'
import { runScenario, type ScenarioRun } from './simulate/run-scenario.ts'

export const simulate: Command = {
  name: 'simulate',
  summary: 'plays a scripted conversation, and checks what is heard and when',
  usage: `
npx antiphon simulate <scenario.yaml …> [--timeline] [--json]

Plays scripted conversations against an agent's configuration: what the user says and does and how the model answers
stand in the scenario, and what is to come of it. With scripted providers time is virtual: an hour takes a second.
docs/simulate.md describes the form; examples/scenarios/ has seven of them.

  --timeline  prints everything that happened, with its time
  --json      the whole result, for programs

Exit code: 0 all expectations are met, 1 one is not, 2 a scenario cannot be read or an option is wrong.
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        timeline: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
    if (positionals.length === 0) throw new UsageError('A scenario is needed.')
    const scenarios = positionals.map((path) => readScenario(path))
    const results: object[] = []
    let isGood = true
    for (const scenario of scenarios) {
      const startedMs = systemClock.nowMs()
      const run = await runScenario(scenario, io.environment)
      const tookMs = systemClock.nowMs() - startedMs
      isGood &&= hasPassed(run)
      if (values.json) results.push(resultOf(scenario.path, run))
      else await print(scenario.path, run, { tookMs, isFull: values.timeline, io })
    }
    if (values.json) await io.out(`${JSON.stringify(results, undefined, 2)}\n`)
    return isGood ? 0 : 1
  },
}

const hasPassed = (run: ScenarioRun): boolean => run.unmet.length === 0 && run.failures.length === 0

function resultOf(path: string, run: ScenarioRun): object {
  const { name, lengthMs, unmet, failures, timeline } = run
  const hasPassedAll = hasPassed(run)
  return { path, name, passed: hasPassedAll, lengthMs, unmet, failures, moments: timeline.moments }
}

async function print(
  path: string,
  run: ScenarioRun,
  options: { readonly tookMs: number; readonly isFull: boolean; readonly io: CommandIo },
): Promise<void> {
  const { tookMs, isFull, io } = options
  const passed = hasPassed(run)
  const length = `${(run.lengthMs / 1000).toFixed(1)} s of conversation in ${Math.round(tookMs)} ms`
  const lines = [`${passed ? 'ok    ' : 'FAILED'}  ${run.name}  (${path}, ${length})`]
  for (const failure of run.failures) lines.push(`  - ${failure}`)
  for (const { expected, happened } of run.unmet) {
    lines.push(`  - expected: ${expected}`, `    happened: ${happened}`)
  }
  if (isFull || !passed) lines.push('', ...story(run), '')
  await io.out(`${lines.join('\n')}\n`)
}

/** What happened, a line each; messages stand there under their meaning already. */
function story(run: ScenarioRun): readonly string[] {
  return run.timeline.moments
    .filter(({ kind }) => kind !== 'message' && kind !== 'shown')
    .map(({ atMs, kind, text, words }) => {
      const reason = kind === 'decision' ? `: ${words}` : ''
      return `  ${(atMs / 1000).toFixed(2).padStart(8)} s  ${kind.padEnd(12)}${text}${reason}`
    })
}
