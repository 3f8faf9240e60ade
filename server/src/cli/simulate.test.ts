import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DECISION_KINDS } from '../schema/call-decision.ts'
import { runCommand } from './run.ts'
import { simulate } from './simulate.ts'

const EXAMPLES = fileURLToPath(new URL('../../../examples/scenarios/', import.meta.url))

const TONE = new URL('../../test/audio/tone_1khz_1s.wav', import.meta.url)

let folder = ''
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'antiphon-simulate-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = []
  const err: string[] = []
  const code = await runCommand([simulate], ['simulate', ...args], {
    out: async (text) => void out.push(text),
    err: (line) => void err.push(line),
    environment: {},
  })
  return { code, out: out.join(''), err: err.join('\n') }
}

function scenario(text: string): string {
  const path = join(folder, 'scenario.yaml')
  writeFileSync(path, text)
  return path
}

const examples = readdirSync(EXAMPLES).filter((file) => file.endsWith('.yaml'))

for (const file of examples) {
  test(`the example ${file} holds`, async () => {
    const { code, out } = await run(join(EXAMPLES, file))
    assert.equal(code, 0, out)
  })
}

test('every decision that the examples lead to is described', async () => {
  const { out } = await run('--json', ...examples.map((file) => join(EXAMPLES, file)))
  const runs = JSON.parse(out) as { moments: { kind: string; text: string }[] }[]
  const decisions = runs.flatMap(({ moments }) => moments.filter(({ kind }) => kind === 'decision'))
  const kinds = new Set(decisions.map(({ text }) => text))
  assert.ok(kinds.has('tool') && kinds.has('turn-end'), [...kinds].join())
  assert.deepEqual(
    [...kinds].filter((kind) => !Object.hasOwn(DECISION_KINDS, kind)),
    [],
  )
})

test('there are at least six examples', () => {
  assert.ok(examples.length >= 6, examples.join())
})

const QUESTION = `
model: { otherwise: { text: We are open from nine to five., first: 250ms } }
steps:
  - { wait: 1s, say: When are you open?, id: question }
  - { after: agent-done }
expect:
`

test('an expectation that is not met: exit code 1, what was expected and what happened', async () => {
  const path = scenario(`${QUESTION}
  - { heard: nine to five, since: question, within: [0ms, 200ms] }
  - { heard: seven days a week }
  - { state: thinking, times: 2 }
  - { ended: idle }
  - { sound: true, since: question, within: [0ms, 300ms] }
  - { history: [{ user: When are you open? }] }
`)
  const { code, out } = await run(path)
  assert.equal(code, 1)
  assert.match(out, /^FAILED/)
  assert.match(
    out,
    /expected: heard “nine to five” 0–200 ms after question\n    happened: “We are .*” at \d+ ms/,
  )
  assert.match(
    out,
    /expected: heard “seven days a week”\n    happened: only “We are open from nine/,
  )
  assert.match(out, /expected: 2 times state thinking\n    happened: 1 times: “thinking” at \d+ ms/)
  assert.match(out, /expected: the call ends: idle\n    happened: nothing of the kind/)
  assert.match(
    out,
    /expected: the agent is heard .*\n    happened: the agent was heard \d+ ms–\d+ ms/,
  )
  assert.match(out, /happened: the history was .*nine to five/)
  assert.match(out, /the user says “When are you open\?”/)
})

test('the result for programs holds everything that happened', async () => {
  const { code, out } = await run('--json', scenario(`${QUESTION}  - { asked: open }\n`))
  assert.equal(code, 0)
  const [result] = JSON.parse(out) as { passed: boolean; moments: { kind: string }[] }[]
  assert.equal(result?.passed, true)
  assert.ok(result?.moments.some(({ kind }) => kind === 'decision'))
})

const SOUND_URL = 'https://sounds.example/hello.wav'
/** A tone of a second before the greeting, from a file beside the scenario. */
const jingle = (sounds: string, greetingFrom: string): string => `
agent: { Greeting: Good morning., PreConnectAudioUrl: '${SOUND_URL}' }
${sounds}
steps: [{ at: 2500ms }]
expect:
  - { heard: Good morning., within: [${greetingFrom}] }
`

test('sounds: a file stands in for an address, and is played in its place', async () => {
  copyFileSync(TONE, join(folder, 'hello.wav'))
  const sounds = `sounds: { '${SOUND_URL}': hello.wav }`
  const played = jingle(sounds, '1000ms, 1200ms')
  const heard = await run(scenario(`${played}  - { sound: true, within: [100ms, 900ms] }\n`))
  assert.equal(heard.code, 0, heard.out)
  // Without it nothing can be had from the address: the greeting comes at once.
  const without = await run(scenario(jingle('', '0ms, 200ms')))
  assert.equal(without.code, 0, without.out)
  const wrong = await run(scenario(jingle(sounds, '0ms, 200ms')))
  assert.equal(wrong.code, 1)
})

test('sounds: a file that is not there, or is no WAV file, is told by its name: exit code 2', async () => {
  writeFileSync(join(folder, 'words.wav'), 'no sound at all')
  for (const file of ['lost.wav', 'words.wav']) {
    const sounds = `sounds: { '${SOUND_URL}': ${file} }`
    const { code, err } = await run(scenario(jingle(sounds, '0ms, 1s')))
    assert.equal(code, 2)
    assert.match(err, new RegExp(file))
  }
})

test('a step whose moment does not come fails the scenario', async () => {
  const path = scenario(`
steps:
  - { wait: 1s, say: Hello? }
  - { after: interrupted, say: Never said. }
expect:
  - { said: Hello }
`)
  const { code, out } = await run(path)
  assert.equal(code, 1)
  assert.match(out, /a step waited for interrupted from \d+ ms on, and 60 s were not enough/)
})

test('what is wrong with a scenario is told with its line: exit code 2', async () => {
  const errorOf = async (text: string): Promise<string> => {
    const { code, err } = await run(scenario(text))
    assert.equal(code, 2, text)
    return err
  }
  const tail = '\nexpect: [{ said: a }]\n'
  assert.match(
    await errorOf(`steps:\n  - { shout: hello }${tail}`),
    /yaml:2: steps.0.shout is not known/,
  )
  assert.match(
    await errorOf(`steps:\n  - { wait: soon }${tail}`),
    /yaml:2: steps.0.wait must be a time/,
  )
  assert.match(
    await errorOf(`steps:\n  - { say: a }\n  - { say: a, cough: 1s }${tail}`),
    /yaml:3: steps.1 does say and cough: one thing a step/,
  )
  assert.match(
    await errorOf(`agent:\n  AsrConfig: { AsrMaxSilence: 5 }\nsteps: [{ say: a }]${tail}`),
    /yaml:2: agent.AsrConfig.AsrMaxSilence must be .*200/,
  )
  assert.match(
    await errorOf(`steps: [{ say: a }]\nexpect: [{ since: b, said: a }]\n`),
    /since b, which/,
  )
  assert.match(
    await errorOf(`providers: { tts: { provider: nobody } }\nsteps: [{ say: a }]${tail}`),
    /nobody|flite/,
  )
  assert.match(await errorOf('steps: [{ say: a'), /yaml: /)
  const { code, err } = await run(join(folder, 'missing.yaml'))
  assert.deepEqual([code, /missing.yaml cannot be read/.test(err)], [2, true])
})

test('named providers without a network of their own work in virtual time too', async () => {
  const path = scenario(`
providers: { llm: { provider: builtin } }
steps:
  - { wait: 1s, say: What is two plus three? }
  - { after: agent-done }
expect:
  - { heard: 2 plus 3 is 5 }
`)
  const { code, out } = await run(path)
  assert.equal(code, 0, out)
})
