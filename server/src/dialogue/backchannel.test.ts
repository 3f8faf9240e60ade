import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatedIds } from '../base/simulated-ids.ts'
import { play, type Happening } from './play.ts'

const backchannels = [{ probability: 1, words: [{ text: 'uh-huh', probability: 1 }] }]
/** The VAD tells of speech a little after it has begun. */
const VAD_MS = 100
/** A softly said word takes no longer. */
const WORD_MS = 1000

interface Talk {
  readonly said: readonly { readonly fromMs: number; readonly untilMs: number }[]
  readonly story: readonly string[]
}

const timesOf = (story: readonly string[], what: RegExp): readonly number[] =>
  story.filter((line) => what.test(line)).map((line) => Number(line.split(' ')[0]))

/** A user who makes pauses of all lengths, and an agent who answers as fast as it can. */
function talkOf(seed: number, isSemantic: boolean): Talk {
  const { chance } = simulatedIds(seed)
  const between = (least: number, most: number): number =>
    Math.round(least + chance() * (most - least))
  const silenceMs = between(200, 1200)
  const said: { fromMs: number; untilMs: number }[] = []
  const happenings: Happening[] = []
  for (let atMs = 0, index = 0; index < 6; index += 1) {
    const forMs = between(300, 3000)
    const words = chance() < 0.5 ? 'and then I went to the' : 'we have been there.'
    happenings.push({ atMs, say: words, forMs })
    said.push({ fromMs: atMs, untilMs: atMs + forMs })
    atMs += forMs + between(220, 1500)
  }
  const { story } = play(
    { backchannels, silenceMs, turnDetection: { isSemantic, endWords: [] } },
    happenings,
    { reply: () => 'Yes.', replyDelayMs: 0, finalDelayMs: between(0, 300), untilMs: 40_000 },
  )
  return { said, story }
}

test('a back-channel is said when the user goes on, never in the pause that ends the turn', () => {
  let count = 0
  for (let seed = 1; seed <= 400; seed += 1) {
    const { said, story } = talkOf(seed, false)
    const tellStory = `seed ${seed}\n${story.join('\n')}`
    for (const atMs of timesOf(story, / softly/)) {
      count += 1
      const begun = said.findLast(({ fromMs }) => fromMs <= atMs)
      assert.ok(begun !== undefined && atMs - begun.fromMs <= VAD_MS, tellStory)
    }
  }
  assert.ok(count > 200, `only ${count} were said`)
})

test('where the words are judged, also while more is waited for, and over before an answer comes', () => {
  let inPauses = 0
  for (let seed = 1; seed <= 400; seed += 1) {
    const { said, story } = talkOf(seed, true)
    const answers = timesOf(story, / agent /)
    for (const atMs of timesOf(story, / softly/)) {
      const next = answers.find((answerMs) => answerMs >= atMs) ?? Infinity
      const isSaying = said.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs <= untilMs)
      if (isSaying) continue
      inPauses += 1
      assert.ok(next - atMs > WORD_MS, `seed ${seed}\n${story.join('\n')}`)
    }
  }
  assert.ok(inPauses > 20, `only ${inPauses} were said in pauses`)
})
