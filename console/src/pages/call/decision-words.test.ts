import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomConversation } from '../../../../server/src/dialogue/random-conversation.ts'
import { RandomOutside } from '../../../../server/src/dialogue/random-outside.ts'
import { DECISION_KINDS } from '../../../../server/src/schema/call-decision.ts'
import { decisionsIn, figuresText, inChinese, KINDS } from './decision-words.ts'

test('every reason that the engine gives in random conversations has a Chinese sentence', () => {
  const unknown = new Set<string>()
  const kinds = new Set<string>()
  for (let seed = 1; seed <= 150; seed += 1) {
    const { settings, deeds, providers } = randomConversation(seed)
    const outside = new RandomOutside(settings, providers())
    outside.run(deeds, 60_000)
    for (const action of outside.steps.flatMap(({ actions }) => actions)) {
      if (action.type !== 'note-decision') continue
      const { kind, words } = action.decision
      kinds.add(kind)
      const chinese = inChinese(words)
      // What was said is left as it was.
      const rest = chinese?.replaceAll(/“[^”]*”|\d+ ms|函数 \w+|API/g, '')
      if (rest === undefined || /[a-z]/i.test(rest)) unknown.add(words.replaceAll(/\d+/g, '0'))
    }
  }
  assert.deepEqual([...unknown], [], 'to be added to decision-sentences.ts')
  assert.ok(kinds.size >= 14, [...kinds].join())
})

test('every kind has a name and can be told without its words', () => {
  for (const [kind, names] of Object.entries(DECISION_KINDS)) {
    const figures = Object.fromEntries(names.map((name) => [name, 120]))
    const told = figuresText({ kind, figures })
    assert.doesNotMatch(told.replaceAll(' ms', ''), /[a-z]/i)
    const times = names.filter((name) => name.endsWith('Ms'))
    assert.equal(told.match(/120 ms/g)?.length ?? 0, times.length, told)
    assert.ok(Object.hasOwn(KINDS.zh, kind))
  }
})

test('a sentence within a sentence is told in Chinese, what was said as it was said', () => {
  const told = (words: string): string | undefined =>
    decisionsIn([{ kind: 'turn-end', atMs: 0, words, figures: { silenceMs: 400 } }], 'zh')[0]?.words
  assert.equal(
    told('silence 400 ms, complete: ends on “may end on”; its transcript came 80 ms later'),
    '静音 400 ms，话已说完（以“may end on”结尾）；其转写又晚了 80 ms',
  )
  assert.equal(told('what a newer server says'), '本轮结束：静音 400 ms')
})
