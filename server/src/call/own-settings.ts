import type { DialogueSettings } from '../dialogue/settings.ts'
import type { Tool } from '../ports/tools.ts'
import { flag, list, number, objectFrom, raw, text, type Json } from './lenient.ts'

const APOLOGY = 'Sorry, I could not come up with an answer. Please try again.'
const CHINESE_APOLOGY = '抱歉，我没能想出答案，请再说一次。'
/** What the user says counts as an interruption after so much speech, unless `VadDuration` asks for more. */
const BARGE_IN_MS = 160
/** With each of the levels 2 to 10 of `VadLevel`, the agent is so much harder to interrupt. */
const BARGE_IN_STEP_MS = 20
const HARDEST_LEVEL = 10

/** `VadLevel`, `VadDuration` and `antiphon.InterruptMinSpeech`: how long speech must last to interrupt. */
export function interruptions(
  asr: Json,
  least: Json,
): Pick<DialogueSettings, 'bargeInMs' | 'interruptMinMs' | 'stopsOnTextOnly'> {
  const level = number(asr['VadLevel'], 11)
  const steps = level <= HARDEST_LEVEL ? Math.max(0, level - 1) : 0
  const speaking = number(least['Speaking'], number(asr['VadDuration'], 0))
  const thinkingMs = number(least['Thinking'], 0)
  return {
    bargeInMs: Math.max(speaking, BARGE_IN_MS + steps * BARGE_IN_STEP_MS),
    ...(speaking + thinkingMs === 0 ? {} : { interruptMinMs: { speaking, thinking: thinkingMs } }),
    stopsOnTextOnly: level === 0,
  }
}

/** What our own settings say about asking the model. */
export function thinking(
  ours: Json,
  languageId: string,
): Pick<DialogueSettings, 'apology' | 'isSpeculative' | 'tools'> {
  const byDefault = languageId.startsWith('zh') ? CHINESE_APOLOGY : APOLOGY
  const declared = list(ours['Tools']).map(objectFrom)
  return {
    apology: flag(ours['EnableApology'], true) ? text(ours['Apology']) || byDefault : '',
    ...(flag(ours['SpeculativeStart'], false) ? { isSpeculative: true } : {}),
    ...(declared.length === 0
      ? {}
      : {
          tools: declared.map((tool) => ({
            name: text(tool['Name']),
            filler: raw(tool['Filler']),
          })),
        }),
  }
}

const METHODS: readonly Tool['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const NO_ARGUMENTS = { type: 'object', properties: {} }

/** `antiphon.Tools`. */
export const tools = (value: unknown): readonly Tool[] =>
  list(value)
    .map(objectFrom)
    .map((tool) => ({
      name: text(tool['Name']),
      description: raw(tool['Description']),
      parameters: tool['Parameters'] === undefined ? NO_ARGUMENTS : objectFrom(tool['Parameters']),
      url: text(tool['Url']),
      method: METHODS.find((method) => method === text(tool['Method'])) ?? 'POST',
      headers: headers(objectFrom(tool['Headers'])),
      timeoutMs: number(tool['Timeout'], 10_000),
    }))

const headers = (given: Json): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, raw(value)]))
