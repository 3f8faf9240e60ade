import type { Log } from '../base/log.ts'
import { ok, type Result } from '../base/result.ts'
import type { Action } from '../dialogue/events.ts'
import type { PlayoutLevel } from '../media/playout-queue.ts'
import type { CallSpec } from '../ports/calls.ts'
import type { Recordings } from '../ports/recordings.ts'
import { noSounds, type Sounds } from '../ports/sounds.ts'
import type { TtsProvider } from '../ports/tts.ts'
import { Ambience } from './ambience.ts'
import { FetchedSounds } from './fetched-sounds.ts'
import { playoutEvents, type Now } from './provider-events.ts'
import { Recorder } from './recorder.ts'
import type { CallSettings } from './settings.ts'
import { SoftVoice } from './soft-voice.ts'
import { Speaking } from './speaking.ts'

export interface CallSoundOptions {
  readonly spec: CallSpec
  readonly tts: TtsProvider
  readonly sounds?: Sounds
  readonly recordings?: Recordings
  /** From the call's clock to wall time. */
  readonly wallOffsetMs: number
  /** The first user was there before. */
  readonly hasBegun: boolean
  readonly settings: CallSettings
  readonly now: Now
  readonly log: Log
}

/**
 * The sound of a call: the agent's voice, sounds that it plays, soft words, the background; and the recording
 * of both sides.
 */
export class CallSound {
  readonly #speaking: Speaking
  readonly #softVoice: SoftVoice
  readonly #fetched: FetchedSounds
  readonly #ambience: Ambience
  readonly #recorder: Recorder | undefined
  readonly #now: Now
  readonly #log: Log
  #settings: CallSettings

  constructor(options: CallSoundOptions) {
    const { spec, tts, sounds = noSounds, settings, now, log } = options
    this.#now = now
    this.#log = log
    this.#settings = settings
    this.#speaking = new Speaking({
      tts,
      voice: settings,
      spec,
      events: playoutEvents(now),
      onError: (message) => log.warn('tts failed', { provider: tts.name, reason: message }),
    })
    this.#softVoice = new SoftVoice(tts)
    this.#fetched = new FetchedSounds(sounds)
    this.#ambience = new Ambience({ agentId: spec.agentId, sounds, log })
    this.#ambience.change(settings.ambient)
    this.#warnOfUnknownVoice(tts)
    this.#recorder = openRecorder(options)
  }

  /** The agent's next 20 ms; lent until the next call. */
  next(): Int16Array | undefined {
    const voice = this.#softVoice.mixInto(this.#speaking.next())
    const frame = this.#ambience.under(voice)
    this.#recorder?.speak(voice, frame)
    return frame
  }

  /** What the users said in the same tick. */
  heard(frame: Int16Array | undefined, nowMs: number): void {
    this.#recorder?.hear(frame, nowMs)
  }

  /** What the engine has just noted. */
  note(actions: readonly Action[], nowMs: number): void {
    this.#recorder?.note(actions, nowMs)
  }

  change(settings: CallSettings): void {
    this.#settings = settings
    this.#speaking.setVoice(settings)
    this.#ambience.change(settings.ambient)
  }

  /** What everything said from now on is passed on with. */
  setUserData(userData: string | undefined): void {
    this.#speaking.setUserData(userData)
  }

  speak(action: Extract<Action, { readonly type: 'segment-speak' }>, turnId?: number): void {
    const { segmentId, text, soundId } = action
    if (soundId === undefined) this.#speaking.speak(segmentId, text, turnId)
    else this.#speaking.play(segmentId, this.#fetched.take(soundId) ?? new Int16Array(0))
  }

  saySoftly(text: string): void {
    this.#softVoice.say(text, this.#settings, this.#speaking.gain)
  }

  setLevel(level: PlayoutLevel): void {
    this.#speaking.setLevel(level)
  }

  cancel(): ReturnType<Speaking['cancel']> {
    return this.#speaking.cancel()
  }

  /** Fetches a sound and has the agent play it in the place of words. The error is for who asked for it. */
  async play(url: string, interrupts: boolean): Promise<Result<void, string>> {
    const sound = await this.#fetched.fetch(url)
    if (!sound.ok) return sound
    this.#now((atMs) => ({ type: 'agent-speech', atMs, ...sound.value, interrupts }))
    return ok(undefined)
  }

  /** Fetches the sound that comes before the greeting, if one is wanted. */
  async fetchOpening(): Promise<void> {
    const url = this.#settings.openingSoundUrl
    if (url === '') return
    const sound = await this.#fetched.fetch(url)
    if (!sound.ok) this.#log.warn('no sound before the greeting', { reason: sound.error })
    const known = sound.ok ? sound.value : { text: '' }
    this.#now((atMs) => ({ type: 'opening-sound', atMs, ...known }))
  }

  close(): void {
    this.#speaking.close()
    this.#softVoice.stop()
    this.#recorder?.close()
  }

  #warnOfUnknownVoice(tts: TtsProvider): void {
    const { voiceId } = this.#settings
    if (voiceId === '' || tts.voices.includes(voiceId)) return
    this.#log.warn('unknown voice, the default one speaks', { voiceId, provider: tts.name })
  }
}

/** `undefined` when the agent is not recorded. */
function openRecorder(options: CallSoundOptions): Recorder | undefined {
  const { recordings, spec, settings, wallOffsetMs, hasBegun, log } = options
  const { recording } = settings
  if (recordings === undefined || !(recording.call || recording.sentences)) return undefined
  const writer = recordings.open(spec.instanceId, (reason) =>
    log.error('the call is not recorded any more', { reason }),
  )
  return new Recorder({ settings: recording, writer, wallOffsetMs, hasBegun })
}
