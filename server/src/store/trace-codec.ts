import { deflateRawSync, inflateRawSync } from 'node:zlib'

/**
 * Texts of traces are short and all alike, so each is deflated against a dictionary of what occurs in most of
 * them. What is stored says how it was packed: a dictionary that has been released is never changed; a better
 * one gets a number of its own.
 */
const DICTIONARY_1 = Buffer.from(
  '{"type":"talk-start","atMs":{"type":"user-leave","atMs":,"userId":"{"type":"user-join","atMs":' +
    '{"type":"agent-ready","atMs":{"type":"text-input","atMs":,"text":"","interrupts":true,"digest":"' +
    '{"type":"speech-cancelled","atMs":,"segmentId":1,"spokenChars":{"type":"reply-error","atMs":,' +
    '"replyId":1,"isRetryable":true{"type":"timer-fire","atMs":,"timer":"user-idle","chance":0.' +
    '{"type":"timer-fire","atMs":,"timer":"barge-in","chance":0.{"type":"timer-fire","atMs":,"timer":' +
    '"false-barge-in","chance":0.{"type":"timer-fire","atMs":,"timer":"endpoint","chance":0.' +
    '{"type":"speech-start","atMs":,"onsetMs":,"digest":"{"type":"speech-end","atMs":,"endMs":,"digest":"' +
    '{"type":"transcript-final","atMs":,"text":" the you that this have what for can with and ","flushId":' +
    ',"digest":"{"type":"transcript-partial","atMs":,"text":"{"type":"segment-start","atMs":,"segmentId":' +
    ',"digest":"{"type":"segment-end","atMs":,"segmentId":,"digest":"{"type":"reply-end","atMs":,' +
    '"replyId":,"digest":"{"type":"reply-delta","atMs":,"replyId":,"text":" ","digest":"',
)
const DEFLATED_1 = 1

export interface PackedText {
  readonly codec: number
  readonly body: Uint8Array
}

/** A level of 3 costs a third of the best and is hardly larger on texts this short. */
export function packText(text: string): PackedText {
  const options = { dictionary: DICTIONARY_1, level: 3, memLevel: 7 }
  return { codec: DEFLATED_1, body: deflateRawSync(Buffer.from(text), options) }
}

export function unpackText({ codec, body }: PackedText): string {
  if (codec !== DEFLATED_1) throw new Error(`A trace is packed in a way (${codec}) not known here.`)
  return inflateRawSync(body, { dictionary: DICTIONARY_1 }).toString('utf8')
}
