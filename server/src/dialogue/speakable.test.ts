import assert from 'node:assert/strict'
import { test } from 'node:test'
import { speakable } from './speakable.ts'

const cases: readonly [text: string, spoken: string][] = [
  ['Plain words, 3.5 and 2 * 3 = 6.', 'Plain words, 3.5 and 2 * 3 = 6.'],
  ['This is **very** *important*.', 'This is very important.'],
  ['Use `npm start` now', 'Use npm start now'],
  ['# Title', 'Title'],
  ['- one\n- two', 'one\ntwo'],
  ['1. first', 'first'],
  ['See [the docs](https://example.org/a?b=c).', 'See the docs.'],
  ['Go to https://www.example.org/path/x today', 'Go to example.org today'],
  ['Great! 🎉👍🏽 Thanks 👨‍👩‍👧', 'Great! Thanks'],
  ['snake_case_name stays', 'snake_case_name stays'],
  ['🎉', ''],
  ['你好**世界**！', '你好世界！'],
]

test('what nobody can hear is left out', () => {
  for (const [text, spoken] of cases) assert.equal(speakable(text), spoken)
})

test('pronunciation rules apply in order, each to what the one before made', () => {
  const rules = [
    { word: '一一零', pronunciation: '幺幺零' },
    { word: '幺幺零', pronunciation: '报警电话' },
  ]
  assert.equal(speakable('请拨打一一零，一一零！', rules), '请拨打报警电话，报警电话！')
})
