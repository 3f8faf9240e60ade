import { parseArgs } from 'node:util'
import { parseChange, type Change } from '../replay/changes.ts'
import type { Recording } from '../replay/recording.ts'
import { replay as decideAgain } from '../replay/rerun.ts'
import { whatIf } from '../replay/what-if.ts'
import { readCallLog } from './call-log-file.ts'
import { UsageError, type Command, type CommandIo } from './command.ts'
import { replayReport, whatIfReport } from './replay-report.ts'

export const replay: Command = {
  name: 'replay',
  summary: 'plays a recorded call again, also with other settings',
  usage: `
npx antiphon replay <call log> [--set AsrConfig.AsrMaxSilence=800 …] [--json]

Lets the dialogue engine decide a recorded call again. <call log> is the file behind CallLogUrl, or its address.

Without --set it must decide exactly the same, byte for byte.
With --set it decides with other settings, in virtual time: the user does what they did, when they did it; model,
recogniser and voice answer as they did, as fast as they did. Shown is what would have gone otherwise. What is
asked of the model only then gets a made-up answer, and is marked.

  --set path=value  another value for a member of AgentConfig that the engine obeys; JSON, or a text. May be repeated.
  --json            the whole result, for programs

Exit code: 0 the same, 1 something is different, 2 the log cannot be replayed or an option is wrong.
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        set: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    })
    const [place, ...more] = positionals
    if (place === undefined || more.length > 0) throw new UsageError('One call log is needed.')
    const changes = values.set.map(changeOf)
    const recording = await readCallLog(place)
    return changes.length === 0
      ? again(recording, values.json, io)
      : otherwise(recording, changes, values.json, io)
  },
}

function changeOf(text: string): Change {
  const change = parseChange(text)
  if (!change.ok) throw new UsageError(change.error)
  return change.value
}

async function again(recording: Recording, isJson: boolean, io: CommandIo): Promise<number> {
  const result = decideAgain(recording)
  const { instanceId } = recording
  await io.out(isJson ? json({ instanceId, ...result }) : replayReport(recording, result))
  return result.differences.length === 0 ? 0 : 1
}

async function otherwise(
  recording: Recording,
  changes: readonly Change[],
  isJson: boolean,
  io: CommandIo,
): Promise<number> {
  const result = whatIf(recording, changes)
  if (!result.ok) throw new UsageError(result.error)
  const { instanceId } = recording
  await io.out(isJson ? json({ instanceId, ...result.value }) : whatIfReport(result.value))
  return result.value.differences.length === 0 ? 0 : 1
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
