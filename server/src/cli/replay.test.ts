import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { logOf } from '../../test/scenarios/call-log-of.ts'
import { SimulatedCall } from '../../test/scenarios/simulated-call.ts'
import { ClientMessage } from '../schema/messages.ts'
import type { CallLog } from '../web/call-log.ts'
import { replay } from './replay.ts'
import { runCommand } from './run.ts'

let folder = ''
let log: CallLog
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'antiphon-replay-'))
  const talk = new SimulatedCall({
    asr: { texts: ['tell me about', 'the weather'] },
    llm: { replies: ['It is sunny.'], firstTokenMs: 200 },
    agentConfig: { EnableIntelligentSegment: false },
  })
  talk.join()
  talk.speak(1000, 800)
  talk.speak(2500, 800)
  talk.run(8000)
  talk.send(ClientMessage.stop)
  talk.run(500)
  talk.close()
  log = logOf(talk)
})
after(() => rmSync(folder, { recursive: true, force: true }))

async function run(content: unknown, ...args: string[]) {
  const path = join(folder, 'call.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  const out: string[] = []
  const err: string[] = []
  const code = await runCommand([replay], ['replay', path, ...args], {
    out: async (text) => void out.push(text),
    err: (line) => void err.push(line),
    environment: {},
  })
  return { code, out: out.join(''), err: err.join('\n') }
}

test('a call log decided again: 0 and "byte for byte"', async () => {
  const { code, out } = await run(log)
  assert.deepEqual(
    [
      code,
      /^The engine has decided the whole call again: \d+ events\.\nIt decided the same, byte for byte\.\n$/.test(
        out,
      ),
    ],
    [0, true],
  )
})

test('a call log that was changed: 1, and where it differs', async () => {
  const text = JSON.stringify(log).replaceAll('tell me about', 'tell me everything about')
  const tampered = JSON.parse(text) as CallLog
  const { code, out } = await run(tampered)
  assert.equal(code, 1)
  assert.match(
    out,
    /than in the record\..*\n {2,}\d\.\d\d s {2}\{"type":"transcript-final".*\n.*answered by: \[/,
  )
})

test('--set shows what would have gone otherwise, as a table and as JSON', async () => {
  const { code, out } = await run(log, '--set', 'AsrConfig.AsrMaxSilence=900')
  assert.equal(code, 1)
  assert.match(out, /^What if AsrConfig.AsrMaxSilence were 900 instead of its default\?\n/)
  assert.match(
    out,
    /1\.00 s +tell me about the weather +no such turn +1\d\d\d ms +\(the answer is made up/,
  )
  assert.match(out, /2 turns become one: “tell me about” \+ “the weather”/)
  const json = await run(log, '--set', 'AsrConfig.AsrMaxSilence=900', '--json')
  const result = JSON.parse(json.out) as {
    differences: { kind: string }[]
    scriptedTurns: number[]
  }
  assert.ok(result.differences.some(({ kind }) => kind === 'turns-merged'))
  assert.equal(result.scriptedTurns.length, 1)
})

test('--set to what it was: nothing would have gone otherwise', async () => {
  const { code, out } = await run(log, '--set', 'AsrConfig.AsrMaxSilence=400')
  assert.deepEqual([code, out.includes('Nothing would have gone otherwise.')], [0, true])
})

test('what cannot be replayed, and options that are wrong: 2, with the reason', async () => {
  const errorOf = async (...args: Parameters<typeof run>): Promise<string> => {
    const { code, err } = await run(...args)
    assert.equal(code, 2, err)
    return err
  }
  assert.match(await errorOf('nonsense'), /is no JSON/)
  assert.match(await errorOf({ a: 1 }), /no call log/)
  assert.match(
    await errorOf(log, '--set', 'TtsConfig.SpeechRate=2'),
    /TtsConfig.SpeechRate cannot be changed/,
  )
  assert.match(await errorOf(log, '--set', 'AsrConfig.AsrMaxSilence'), /is no change/)
  assert.match(await errorOf(log, '--set', 'AsrConfig.AsrMaxSilence=long'), /AsrMaxSilence must be/)
  assert.match(await errorOf(log, '--faster'), /--faster/)
})
