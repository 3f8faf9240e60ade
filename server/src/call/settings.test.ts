import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callSettings } from './settings.ts'

test('an empty configuration means the product’s defaults', () => {
  const settings = callSettings('{}')
  assert.equal(settings.languageId, 'en')
  assert.equal(settings.dialogue.silenceMs, 400)
  assert.equal(settings.dialogue.historyLimitTurns, 10)
  assert.equal(settings.dialogue.maxIdleMs, 600_000)
  assert.equal(settings.dialogue.userOnlineTimeoutMs, 60_000)
  assert.equal(settings.dialogue.userOfflineTimeoutMs, 5000)
  assert.equal(settings.dialogue.isVoiceInterruptOn, true)
  assert.equal(settings.dialogue.mergesSentences, true)
  assert.equal(settings.dialogue.bargeInMs, 160)
})

test('wire fields become settings with units; clients may send numbers and objects as text', () => {
  const { dialogue, voiceId, languageId } = callSettings(
    JSON.stringify({
      MaxIdleTime: -1,
      UserOfflineTimeout: '20',
      EnableIntelligentSegment: 'false',
      AsrConfig: '{"AsrMaxSilence":"800","VadDuration":300,"AsrLanguageId":""}',
      TtsConfig: { VoiceId: 'longcheng_v2\n\n' },
      LlmConfig: {
        LlmHistory: [
          { Role: 'user', Content: 'hi' },
          { Role: 'nobody', Content: 'x' },
        ],
        FunctionMap: [{ Function: 'hangup', MatchFunction: 'bye_bye' }],
      },
      InterruptConfig: { NoInterruptMode: 'discard', InterruptWords: [' stop ', ''] },
    }),
  )
  assert.equal(dialogue.maxIdleMs, undefined)
  assert.equal(dialogue.userOfflineTimeoutMs, 20_000)
  assert.equal(dialogue.mergesSentences, false)
  assert.equal(dialogue.silenceMs, 800)
  assert.equal(dialogue.bargeInMs, 300)
  assert.equal(languageId, 'en')
  assert.equal(voiceId, 'longcheng_v2')
  assert.deepEqual(dialogue.initialHistory, [{ role: 'user', content: 'hi' }])
  assert.deepEqual(dialogue.hangUpFunctions, ['hangup', 'bye_bye'])
  assert.equal(dialogue.uninterruptedSpeech, 'discard')
  assert.deepEqual(dialogue.interruptWords, ['stop'])
})

test('a negative number counts as not given; an unreadable configuration as empty', () => {
  assert.equal(callSettings('{"UserOnlineTimeout":-1}').dialogue.userOnlineTimeoutMs, 60_000)
  assert.equal(callSettings('not json').dialogue.silenceMs, 400)
  assert.equal(callSettings('{"UserOfflineTimeout":0}').dialogue.userOfflineTimeoutMs, 0)
})

test('turn detection: Eagerness wins over SemanticWaitDuration; -1 leaves the wait to the engine', () => {
  const detection = (config: object): object =>
    callSettings(JSON.stringify({ TurnDetectionConfig: config })).dialogue.turnDetection
  assert.deepEqual(detection({}), { isSemantic: false, endWords: [] })
  assert.deepEqual(detection({ Mode: 'Semantic', SemanticWaitDuration: -1 }), {
    isSemantic: true,
    endWords: [],
  })
  assert.deepEqual(
    detection({ Mode: 'Semantic', SemanticWaitDuration: 700, TurnEndWords: ['over'] }),
    {
      isSemantic: true,
      endWords: ['over'],
      waitMs: 700,
    },
  )
  assert.deepEqual(detection({ Mode: 'Semantic', SemanticWaitDuration: 700, Eagerness: 'High' }), {
    isSemantic: true,
    endWords: [],
    waitMs: 2000,
  })
})
