import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACKNOWLEDGEMENTS, endsWithWord, isAcknowledgement, judgeTurn } from './turn-judge.ts'

const cases: readonly [text: string, verdict: string][] = [
  ['What time is it?', 'complete'],
  ['I would like to order two large pizzas.', 'complete'],
  ['Please cancel my appointment on Friday', 'complete'],
  ['Yes.', 'complete'],
  ['no', 'complete'],
  ['I would like to', 'incomplete'],
  ['I would like to order a', 'incomplete'],
  ['My name is', 'incomplete'],
  ['Well, um', 'incomplete'],
  ['I want pizza and...', 'incomplete'],
  ['I was there because', 'incomplete'],
  ['My phone number is 555 1', 'incomplete'],
  ['My phone number is 555 123 4567', 'complete'],
  ['pizza', 'unsure'],
  ['今天天气怎么样', 'complete'],
  ['你能听清楚我说话吗', 'complete'],
  ['我想问一下，', 'incomplete'],
  ['我想要', 'incomplete'],
  ['因为', 'incomplete'],
  ['我的电话号码是一三八', 'incomplete'],
  ['好的，我说完了。', 'complete'],
  ['对', 'complete'],
  ['是。', 'complete'],
  ['好', 'complete'],
  ['等一下', 'complete'],
  ['我要红色的', 'unsure'],
  ['我想要这个', 'unsure'],
  ['我的名字是', 'incomplete'],
  ['我想问一下你们的', 'incomplete'],
  ['我的电话号码是一三八零零一三八零零零', 'complete'],
  ['打我的手机一三八', 'incomplete'],
  ['验证码是1234', 'complete'],
  ['验证码是12', 'incomplete'],
  ['My number is five five five', 'incomplete'],
  ['My number is five five five one two three four', 'complete'],
  ['My account is the red one', 'complete'],
  ['The pin is 1234', 'complete'],
  ['It is double five', 'complete'],
]

test('a text is judged by how it ends', () => {
  const wrong = cases.filter(([text, verdict]) => judgeTurn(text).verdict !== verdict)
  assert.deepEqual(
    wrong.map(([text]) => `${text}: ${judgeTurn(text).verdict}, ${judgeTurn(text).reason}`),
    [],
  )
})

test('turn-end words count at the end only, whatever the punctuation', () => {
  assert.equal(endsWithWord('好的，我说完了。', ['我说完了']), '我说完了')
  assert.equal(endsWithWord('That is all, over!', ['Over']), 'Over')
  assert.equal(endsWithWord('over there', ['over']), undefined)
  assert.equal(endsWithWord('anything', ['', ' ']), undefined)
})

test('acknowledgements are only themselves', () => {
  for (const text of ['Mhm.', 'Yeah, okay.', 'uh-huh', '嗯嗯，好的', 'I see.'])
    assert.ok(isAcknowledgement(text, ACKNOWLEDGEMENTS), text)
  for (const text of ['', 'okay stop', 'yes but wait', '不是', 'hmm what about Friday'])
    assert.ok(!isAcknowledgement(text, ACKNOWLEDGEMENTS), text)
})
