import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Subtitle } from './agent-message.ts'
import {
  SUBTITLE_LIMIT_LINES,
  withAllEnded,
  withInterruption,
  withSubtitle,
  type SubtitleLine,
} from './subtitles.ts'

const said = (
  speaker: 'agent' | 'user',
  sentenceId: number,
  text: string,
  more: Partial<Subtitle> = {},
): Subtitle => ({ speaker, sentenceId, text, isEnd: false, isHidden: false, ...more })

const play = (subtitles: readonly Subtitle[]): readonly SubtitleLine[] =>
  subtitles.reduce<readonly SubtitleLine[]>(withSubtitle, [])

const texts = (lines: readonly SubtitleLine[]): string[] =>
  lines.map((line) => `${line.speaker}: ${line.text}${line.isEnd ? '' : '…'}`)

test('user text replaces, agent text is appended, and the turns keep their order', () => {
  const lines = play([
    said('agent', 1, 'Good '),
    said('agent', 1, 'day.', { isEnd: true }),
    said('user', 2, 'what time'),
    said('user', 2, 'What time is it?', { isEnd: true }),
    said('agent', 2, 'It is'),
    said('agent', 2, ' noon.'),
  ])
  assert.deepEqual(texts(lines), [
    'agent: Good day.',
    'user: What time is it?',
    'agent: It is noon.…',
  ])
})

test('an empty last piece ends the agent line without changing it', () => {
  const lines = play([said('agent', 1, 'Hello.'), said('agent', 1, '', { isEnd: true })])
  assert.deepEqual(texts(lines), ['agent: Hello.'])
})

test('a line that ends without a word, or was not of the main speaker, is taken away', () => {
  assert.deepEqual(play([said('user', 1, 'hm'), said('user', 1, '', { isEnd: true })]), [])
  assert.deepEqual(play([said('user', 1, 'hm'), said('user', 1, 'hm', { isHidden: true })]), [])
})

test('an interruption ends the line of the agent, and no other', () => {
  const lines = play([said('agent', 1, 'Once upon'), said('user', 2, 'stop')])
  const after = withInterruption(lines)
  assert.deepEqual(texts(after), ['agent: Once upon', 'user: stop…'])
  assert.equal(after[0]?.isInterrupted, true)
  assert.equal(withInterruption(after), after)
})

test('the reply to a turn that went on takes the place of the one that came too early', () => {
  const early = play([said('user', 1, 'My name is Alice.'), said('agent', 1, 'Hello Alice.')])
  const cut = withSubtitle(withInterruption(early), said('agent', 1, '', { isEnd: true }))
  assert.deepEqual([cut[1]?.text, cut[1]?.isInterrupted], ['Hello Alice.', true])
  const lines = [
    said('user', 1, 'My name is Alice. What is yours?', { isEnd: true }),
    said('agent', 1, 'I am '),
    said('agent', 1, 'nobody.', { isEnd: true }),
  ].reduce(withSubtitle, cut)
  assert.deepEqual(texts(lines), ['user: My name is Alice. What is yours?', 'agent: I am nobody.'])
  assert.equal(lines[1]?.isInterrupted, false)
})

test('the oldest lines go when there are too many', () => {
  const many = Array.from({ length: SUBTITLE_LIMIT_LINES + 2 }, (_, index) =>
    said('user', index, `line ${index}`, { isEnd: true }),
  )
  const lines = play(many)
  assert.equal(lines.length, SUBTITLE_LIMIT_LINES)
  assert.equal(lines[0]?.text, 'line 2')
})

test('nothing is being said over a connection that has ended, but more may come over the next', () => {
  const lines = withAllEnded(
    play([said('user', 1, 'Hello', { isEnd: true }), said('agent', 1, 'Good ')]),
  )
  assert.deepEqual(texts(lines), ['user: Hello', 'agent: Good '])
  const more = withSubtitle(lines, said('agent', 1, 'day'))
  assert.deepEqual(texts(more), ['user: Hello', 'agent: Good day…'])
})
