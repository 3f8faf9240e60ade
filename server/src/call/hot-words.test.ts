import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HotWords } from './hot-words.ts'
import { masked } from './sensitive-words.ts'

const ENGLISH = ['Antiphon', 'Kubernetes', 'Siobhan', 'PayPal', 'Xiaomi', 'Brook', 'Seller', 'Mark']

test('a word that sounds like a hot word becomes it, however it was written', () => {
  for (const [heard, corrected] of [
    ['I use antifon every day.', 'I use Antiphon every day.'],
    ['what is antefone?', 'what is Antiphon?'],
    ['deploy it to coobernetes, please', 'deploy it to Kubernetes, please'],
    ['deploy it to cuber netties', 'deploy it to Kubernetes'],
    ["antifon's voice", "Antiphon's voice"],
    ['I paid with pay pal', 'I paid with PayPal'],
    ['ANTIPHON is fine', 'Antiphon is fine'],
  ] as const)
    assert.equal(new HotWords(ENGLISH).correct(heard), corrected)
})

test('common words and words that only look a little alike are left alone', () => {
  for (const text of [
    'put it into the cellar',
    'she broke the record in march',
    'mark my words',
    'the park is dark and the marks are worse',
    'a token of a different phone',
    'can you hear me and if not, why not',
    'sorry, I was shaving',
  ])
    assert.equal(
      new HotWords(['Seller', 'Brook', 'Merk', 'Antiphon', 'Shavon']).correct(text),
      text,
    )
})

test('no everyday sentence is touched by hot words that are names', () => {
  const names =
    'Cory,Kate,Perry,Wendy,Nova,Sonos,Asana,Figma,Vercel,Stripe,Monday,Slack,Zendesk'.split(',')
  const sentence =
    'Well I would like to know whether my order has been sent and when it is going to arrive because ' +
    'nobody told me anything about it so far and I really need it for my sister on Friday evening'
  assert.equal(new HotWords(names).correct(sentence), sentence)
})

test('Chinese by its sounds: other characters of the same sound, but no common word', () => {
  assert.equal(new HotWords(['张三']).correct('请帮我找章三'), '请帮我找张三')
  assert.equal(new HotWords(['量子比特']).correct('我要去亮子比特公司'), '我要去量子比特公司')
  assert.equal(new HotWords(['实施']).correct('这是事实'), '这是事实')
  assert.equal(new HotWords(['权力']).correct('我们的权利'), '我们的权利')
  assert.equal(new HotWords(['张三', '量子比特']).correct('你好'), '你好')
})

test('sensitive words are masked, one asterisk a character, wherever they stand alone', () => {
  const words = ['ass', 'damn', '傻瓜', '笨蛋', 'c++', '😀x']
  assert.equal(masked('Damn, first class assets!', words), '****, first class assets!')
  assert.equal(masked('你这个傻瓜啊', words), '你这个**啊')
  assert.equal(masked('I like c++.', words), 'I like ***.')
  assert.equal(masked('a 😀x b', words), 'a ** b')
  assert.equal(masked('nothing here', []), 'nothing here')
})
