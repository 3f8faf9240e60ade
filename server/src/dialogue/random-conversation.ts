import { simulatedIds } from '../base/simulated-ids.ts'
import { deedsOf } from './random-deeds.ts'
import type { Deed, Providers, ReplyPlan } from './random-plan.ts'
import type { DialogueSettings } from './settings.ts'

/** A user who talks, pauses, coughs, interrupts, types, holds a button, vanishes and comes back; providers that stall and fail. */
export interface Conversation {
  readonly settings: DialogueSettings
  readonly deeds: readonly Deed[]
  /** The recogniser gives a final text for everything. */
  readonly isHeardWhole: boolean
  /** The same every time. */
  readonly providers: () => Providers
}

/** So many conversations have a button, or a human who takes the agent's place. */
const PUSH_TO_TALK_EVERY = 7
const TAKEOVER_EVERY = 9

const WORDS = [
  { text: 'One moment.', probability: 0.5 },
  { text: 'Let me see.', probability: 0.5 },
]

const TOOL_FILLER = 'I am looking it up.'
/** What is said beside the answer, and stands in no history. */
export const FILLERS: ReadonlySet<string> = new Set([...WORDS.map(({ text }) => text), TOOL_FILLER])

export function randomConversation(seed: number): Conversation {
  const isHeardWhole = seed % 4 !== 0
  const settings = settingsOf(seed)
  return {
    settings,
    deeds: deedsOf(seed, settings, seed % TAKEOVER_EVERY === 0),
    isHeardWhole,
    providers: () => providersOf(seed, isHeardWhole),
  }
}

function providersOf(seed: number, isHeardWhole: boolean): Providers {
  const { chance } = simulatedIds(seed + 2_000_000)
  const isSound = chance() < 0.5
  const sentences = Math.ceil(chance() * 4)
  const firstMs = chance() * 2500
  const finalMs = chance() * 600
  const partialMs = 100 + chance() * 800
  const synthesisMs = chance() * 800
  const judgeMs = chance() * 1200
  return {
    reply: (question) => planOf(question, { chance, sentences, firstMs, isSound }),
    finalDelayMs: () =>
      isHeardWhole || chance() < 0.8 ? Math.round(chance() * finalMs) : undefined,
    partialDelayMs: () => Math.round(partialMs),
    synthesisMs: () => (isSound || chance() < 0.9 ? Math.round(chance() * synthesisMs) : undefined),
    toolDelayMs: () => Math.round(chance() * 3000),
    judgeDelayMs: () => (chance() < 0.9 ? Math.round(judgeMs) : undefined),
    verdict: () =>
      (['complete', 'incomplete', 'unsure', undefined] as const)[Math.floor(chance() * 4)],
    chance,
    msPerChar: [20, 40, 60][Math.floor(chance() * 3)] ?? 40,
  }
}

function planOf(
  question: string,
  by: {
    readonly chance: () => number
    readonly sentences: number
    readonly firstMs: number
    readonly isSound: boolean
  },
): ReplyPlan {
  const { chance, sentences } = by
  const words: string[] = []
  for (let index = 0; index < sentences; index += 1) {
    words.push(`Answer ${index} `, 'to ', `${question}. `)
  }
  const plan = {
    firstMs: Math.round(by.firstMs * chance()),
    pieces: words,
    gapMs: Math.round(chance() * 60),
    isRetryable: chance() < 0.7,
    ...(chance() < 0.1 ? { tool: chance() < 0.8 ? 'look_up' : 'hangup' } : {}),
  }
  if (by.isSound) return plan
  const kind = chance()
  const index = Math.floor(chance() * words.length)
  if (kind < 0.15) return { ...plan, failsAfter: 0 }
  if (kind < 0.3) return { ...plan, failsAfter: index }
  // A model that gives nothing at all is given up by its provider, or by the engine.
  if (kind < 0.35) return { ...plan, firstMs: 30_000, failsAfter: 0 }
  return kind < 0.5 ? { ...plan, stallsAfter: index, stallMs: Math.round(chance() * 12_000) } : plan
}

function settingsOf(seed: number): DialogueSettings {
  const { chance } = simulatedIds(seed + 1_000_000)
  const often = (share: number): boolean => chance() < share
  return {
    silenceMs: often(0.5) ? 400 : 800,
    mergesSentences: often(0.6),
    isPushToTalk: seed % PUSH_TO_TALK_EVERY === 0,
    turnDetection: {
      isSemantic: often(0.4),
      endWords: often(0.2) ? ['seed 7'] : [],
      hasJudge: often(0.6),
    },
    isSpeculative: often(0.3),
    tools: [{ name: 'look_up', filler: often(0.5) ? TOOL_FILLER : '' }],
    isVoiceInterruptOn: often(0.75),
    acknowledgements: ['mhm'],
    interruptWords: often(0.3) ? ['number 7'] : [],
    keepsInterruptWords: often(0.5),
    uninterruptedSpeech: often(0.5) ? 'cache' : 'discard',
    bargeInMs: 160,
    ...(often(0.3) ? { interruptMinMs: { speaking: 400, thinking: 200 } } : {}),
    stopsOnTextOnly: often(0.2),
    hasOpeningSound: false,
    greeting: often(0.5) ? 'Welcome to the random line.' : '',
    greetingDelayMs: often(0.2) ? 900 : 0,
    wakeUpQuery: often(0.2) ? 'who are you' : '',
    systemPrompt: '',
    initialHistory: [],
    historyLimitTurns: 1000,
    isHistorySynced: often(0.5),
    tellsCompleteReply: often(0.5),
    outputMinChars: often(0.3) ? 40 : 0,
    outputMaxDelayMs: often(0.3) ? 1000 : 0,
    backchannels: often(0.5) ? [{ probability: 0.7, words: WORDS }] : [],
    breaksAnywhere: often(0.3),
    ...(often(0.4) ? { fillers: { waitMs: 700, isSequence: often(0.5), messages: WORDS } } : {}),
    hangUpFunctions: ['hangup'],
    apology: often(0.5) ? 'Sorry.' : '',
    userOnlineTimeoutMs: 60_000,
    userOfflineTimeoutMs: 10_000,
    isGracefulShutdown: often(0.5),
  }
}
