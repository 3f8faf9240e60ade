import { simulatedIds } from '../base/simulated-ids.ts'
import type { DialogueEvent } from './events.ts'
import type { Deed } from './random-plan.ts'
import type { DialogueSettings } from './settings.ts'

/** A detector of speech does not tell shorter pauses. */
const GAP_MS = 200
/** By then the text of a press is there, or is not waited for any longer. */
const LAST_TEXT_MS = 4500
const DEEDS = 18

export const HUMAN = 'human'

/** What the user, and whoever else there is, does in a conversation. */
export function deedsOf(
  seed: number,
  settings: DialogueSettings,
  isTakenOver: boolean,
): readonly Deed[] {
  const writer = new Deeds(seed, settings)
  for (let index = 0; index < DEEDS; index += 1) writer.add(index)
  writer.end()
  const deeds = isTakenOver ? [...writer.deeds, ...takeoverOf(seed, writer.atMs)] : writer.deeds
  return deeds.toSorted((one, other) => one.atMs - other.atMs)
}

class Deeds {
  readonly deeds: Deed[] = []
  atMs = 500
  readonly #seed: number
  readonly #settings: DialogueSettings
  readonly #chance: () => number
  /** Of its own, so that conversations without a button are what they would be. */
  readonly #buttonChance: () => number
  #isPushToTalk: boolean
  #isAway = false

  constructor(seed: number, settings: DialogueSettings) {
    this.#seed = seed
    this.#settings = settings
    this.#chance = simulatedIds(seed).chance
    this.#buttonChance = simulatedIds(seed + 3_000_000).chance
    this.#isPushToTalk = settings.isPushToTalk
  }

  add(index: number): void {
    const chance = this.#chance
    this.atMs += Math.round(chance() ** 2 * 4000)
    const kind = chance()
    if (this.#isAway) {
      this.#event((atMs) => ({ type: 'user-join', atMs, userId: 'u' }))
      this.#isAway = false
    } else if (kind < 0.5) this.#say(`words number ${index} of seed ${this.#seed}`)
    else if (kind < 0.58) this.#say('mhm')
    else if (kind < 0.7) this.#say('')
    else if (kind < 0.76) this.#event((atMs) => ({ type: 'interrupt', atMs }))
    else if (kind < 0.84) {
      const interrupts = chance() < 0.5
      this.#event((atMs) => ({ type: 'text-input', atMs, text: `typed ${index}`, interrupts }))
    } else if (kind < 0.88) {
      const interrupts = chance() < 0.5
      this.#event((atMs) => ({
        type: 'agent-speech',
        atMs,
        text: `announced ${index}`,
        interrupts,
      }))
    } else if (kind < 0.93) this.#leave()
    else if (kind < 0.98) this.#configure([200, 600, 1200][Math.floor(chance() * 3)] ?? 400)
    else this.#event((atMs) => ({ type: 'state-query', atMs }))
  }

  /** Half of them are stopped at some moment, the others come to rest. */
  end(): void {
    if (this.#chance() >= 0.5) return
    this.atMs += Math.round(this.#chance() * 4000)
    this.#event((atMs) => ({ type: 'stop', atMs, reason: 'stopped' }))
  }

  #event(make: (atMs: number) => DialogueEvent): void {
    this.deeds.push({ atMs: this.atMs, type: 'event', make })
  }

  #leave(): void {
    this.#event((atMs) => ({ type: 'user-leave', atMs, userId: 'u' }))
    this.#isAway = true
  }

  #configure(silenceMs: number): void {
    if (this.#settings.isPushToTalk && this.#buttonChance() < 0.5) {
      this.#isPushToTalk = !this.#isPushToTalk
    }
    const settings = { ...this.#settings, silenceMs, isPushToTalk: this.#isPushToTalk }
    this.#event((atMs) => ({ type: 'settings-change', atMs, settings }))
  }

  #say(words: string): void {
    if (!this.#isPushToTalk) return this.#speak(words)
    const kind = this.#buttonChance()
    if (kind < 0.1) return this.#speak(words, false)
    const isCancelled = kind < 0.2
    // Only what was said since the press is meant by it.
    if (isCancelled) this.atMs += LAST_TEXT_MS
    this.#event((atMs) => ({ type: 'talk-start', atMs }))
    this.#speak(words, !isCancelled)
    if (isCancelled) this.#event((atMs) => ({ type: 'talk-cancel', atMs }))
    else if (kind < 0.3) this.#leave()
    else this.#event((atMs) => ({ type: 'talk-finish', atMs }))
    if (kind < 0.8) return
    this.atMs += 50
    this.#event((atMs) => ({ type: 'talk-start', atMs }))
    this.#speak('')
    this.#event((atMs) => ({ type: 'talk-finish', atMs }))
  }

  #speak(words: string, isMeant = true): void {
    const forMs = words === 'mhm' ? 300 : 150 + Math.round(this.#chance() * 2500)
    this.deeds.push({ atMs: this.atMs, type: 'speak', forMs, words, isMeant })
    this.atMs += forMs + GAP_MS
  }
}

/** Somebody wants a human in the agent's place, who comes, says some things, and goes; or does not come. */
function takeoverOf(seed: number, untilMs: number): readonly Deed[] {
  const { chance } = simulatedIds(seed + 4_000_000)
  const deeds: Deed[] = []
  let atMs = Math.round(chance() * untilMs)
  const event = (make: (atMs: number) => DialogueEvent): void =>
    void deeds.push({ atMs, type: 'event', make })
  const voice = chance() < 0.5 ? ('own' as const) : ('agent' as const)
  event((now) => ({ type: 'takeover-start', atMs: now, userId: HUMAN, voice }))
  if (chance() < 0.3) return deeds
  atMs += Math.round(chance() * 5000)
  event((now) => ({ type: 'user-join', atMs: now, userId: HUMAN }))
  for (let index = 0; index < 3; index += 1) {
    atMs += Math.round(chance() * 3000)
    const forMs = 200 + Math.round(chance() * 2000)
    deeds.push({ atMs, type: 'human-speak', forMs, words: `human words ${index}` })
    atMs += forMs + GAP_MS
  }
  const isOnPurpose = chance() < 0.5
  if (chance() < 0.7) {
    event((now) => ({ type: 'user-leave', atMs: now, userId: HUMAN, isOnPurpose }))
  }
  return deeds
}
