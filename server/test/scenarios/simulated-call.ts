import { silentLog, type Log } from '../../src/base/log.ts'
import { simulatedIds } from '../../src/base/simulated-ids.ts'
import { SimulatedClock } from '../../src/base/simulated-clock.ts'
import { AudioLoop } from '../../src/call/audio-loop.ts'
import { Call } from '../../src/call/call.ts'
import type { CallProviders } from '../../src/call/call-options.ts'
import { Room } from '../../src/call/room.ts'
import type { DialoguePast } from '../../src/dialogue/state.ts'
import { INPUT_FRAME_SAMPLES } from '../../src/media/pcm.ts'
import type { AsrProvider } from '../../src/ports/asr.ts'
import type { CallRecord } from '../../src/ports/call-record.ts'
import type { LlmProvider } from '../../src/ports/llm.ts'
import type { Recordings } from '../../src/ports/recordings.ts'
import type { Sounds } from '../../src/ports/sounds.ts'
import type { Channel } from '../../src/ports/channel.ts'
import type { ToolRunner } from '../../src/ports/tools.ts'
import type { TtsProvider } from '../../src/ports/tts.ts'
import { energyVad } from '../../src/providers/energy/energy-vad.ts'
import { scriptedAsr, type ScriptedAsrOptions } from '../../src/providers/scripted/asr.ts'
import { scriptedLlm, type ScriptedLlmOptions } from '../../src/providers/scripted/llm.ts'
import { scriptedTts, type ScriptedTtsOptions } from '../../src/providers/scripted/tts.ts'

export interface CallStory {
  /** With `LATER`, what it is changed to once somebody has joined. */
  readonly agentConfig?: object
  readonly asr?: ScriptedAsrOptions
  readonly llm?: ScriptedLlmOptions
  readonly tts?: ScriptedTtsOptions
  readonly providers?: Partial<CallProviders>
  /** Instead of `asr`. */
  readonly asrWith?: (clock: SimulatedClock) => AsrProvider
  /** Instead of `llm`. */
  readonly llmWith?: (clock: SimulatedClock) => LlmProvider
  /** Instead of `tts`. */
  readonly ttsWith?: (clock: SimulatedClock) => TtsProvider
  readonly tools?: (clock: SimulatedClock) => ToolRunner
  readonly sounds?: Sounds
  readonly recordings?: Recordings
  readonly past?: DialoguePast
  /** How long the store takes to make records durable. */
  readonly storeMs?: number
}

/** A configuration's own key: what it is changed to as soon as somebody has joined. */
export const LATER = Symbol('later')

export interface Told {
  readonly atMs: number
  readonly type: number
  readonly data: Readonly<Record<string, unknown>>
}

/** A whole call in virtual time: real call, room and audio loop; scripted providers; a user made of tones. */
export class SimulatedCall {
  readonly clock = new SimulatedClock({ wallMs: 1_790_000_000_000 })
  readonly told: Told[] = []
  readonly records: { readonly atMs: number; readonly record: CallRecord }[] = []
  readonly call: Call
  readonly room = new Room('channel')
  hasEnded = false
  readonly #later: object | undefined
  /** Warnings in the log, without their fields. */
  readonly warnings: string[] = []
  readonly #loop: AudioLoop
  readonly #speech: { readonly fromMs: number; readonly untilMs: number }[] = []
  /** Peak of every frame that the user received, by tick. */
  readonly #heard: { readonly atMs: number; readonly peak: number }[] = []
  readonly #tone = tone()
  readonly #silence = new Int16Array(INPUT_FRAME_SAMPLES)
  #channel: Channel | undefined

  constructor(story: CallStory) {
    const { clock } = this
    const providers: CallProviders = {
      asr: story.asrWith?.(clock) ?? scriptedAsr(clock, story.asr),
      llm: story.llmWith?.(clock) ?? scriptedLlm(clock, story.llm),
      tts: story.ttsWith?.(clock) ?? scriptedTts(clock, story.tts),
      vad: energyVad(),
      ...story.providers,
    }
    const call: Call = new Call({
      spec: {
        instanceId: 'instance',
        type: 'VoiceChat',
        agentId: 'agent-id',
        channelId: 'channel',
        agentUserId: 'agent',
        agentConfig: JSON.stringify(story.agentConfig ?? {}),
        providers: '{}',
        createdMs: clock.wallMs(),
        tokenLifeS: 3600,
      },
      providers,
      clock,
      chance: simulatedIds(7).chance,
      makeToken: (userId) => `token of ${userId}`,
      log: this.#log(),
      ...(story.sounds === undefined ? {} : { sounds: story.sounds }),
      ...(story.recordings === undefined ? {} : { recordings: story.recordings }),
      ...(story.tools === undefined ? {} : { tools: story.tools(clock) }),
      ...(story.past === undefined ? {} : { past: story.past }),
      events: {
        onRecord: (seq, records) => {
          for (const record of records) this.records.push({ atMs: clock.nowMs(), record })
          clock.after(story.storeMs ?? 1, () => call.stored(seq))
        },
        onMessage: (message, userId) => this.room.send(call, message, userId),
        onEnd: () => {
          this.hasEnded = true
          this.room.removeCall(call)
        },
      },
    })
    this.call = call
    const given: { readonly [LATER]?: object } = story.agentConfig ?? {}
    this.#later = given[LATER]
    this.room.addCall(call)
    this.#loop = new AudioLoop(clock, {
      onHear: (nowMs) => this.room.hear(nowMs),
      onSpeak: (nowMs) => this.room.speak(nowMs),
    })
    this.#loop.start()
  }

  join(userId = 'user'): void {
    const channel: Channel = {
      connectionId: `${userId}-${this.clock.nowMs()}`,
      userId,
      readAudio: (nowMs) => this.#frameAt(nowMs),
      writeAudio: (frame, nowMs) => this.#hear(frame, nowMs),
      sendMessage: (text) => {
        const { type, data } = JSON.parse(text) as Told
        this.told.push({ atMs: this.clock.nowMs(), type, data })
      },
      close: () => this.room.left(channel),
    }
    this.#channel = channel
    this.room.join(channel)
    this.changeLater()
  }

  /** The change that is to come once somebody has joined. */
  changeLater(): void {
    if (this.#later !== undefined) this.call.change({ agentConfig: JSON.stringify(this.#later) })
  }

  leave(): void {
    if (this.#channel !== undefined) this.room.left(this.#channel)
  }

  /** The user speaks (a tone) for so long, from so long on from now. */
  speak(inMs: number, forMs: number): void {
    const fromMs = this.clock.nowMs() + inMs
    this.#speech.push({ fromMs, untilMs: fromMs + forMs })
  }

  send(type: number, data: object = {}): void {
    this.room.receive(
      'user',
      JSON.stringify({ type, data, seqId: 1, senderId: 'user', receiverId: 'agent' }),
    )
  }

  run(ms: number): void {
    this.clock.advance(ms)
  }

  /** Ends the simulation; nothing may be left waiting. */
  close(): number {
    this.call.close()
    this.#loop.stop()
    return this.clock.pending
  }

  texts(type: number): readonly unknown[] {
    return this.told.filter((message) => message.type === type).map((message) => message.data)
  }

  /** Stretches in which the agent was heard, to the frame. */
  heardSpans(): readonly { readonly fromMs: number; readonly untilMs: number }[] {
    const spans: { fromMs: number; untilMs: number }[] = []
    for (const { atMs, peak } of this.#heard) {
      if (peak < 100) continue
      const last = spans.at(-1)
      if (last !== undefined && atMs - last.untilMs <= 20) last.untilMs = atMs
      else spans.push({ fromMs: atMs, untilMs: atMs })
    }
    return spans
  }

  peakAt(atMs: number): number {
    return this.#heard.find((frame) => frame.atMs >= atMs)?.peak ?? 0
  }

  #log(): Log {
    const warn = (message: string): void => void this.warnings.push(message)
    const log: Log = { ...silentLog, warn, with: () => log }
    return log
  }

  #hear(frame: Int16Array | undefined, atMs: number): void {
    let peak = 0
    for (const sample of frame ?? []) peak = Math.max(peak, Math.abs(sample))
    this.#heard.push({ atMs, peak })
  }

  #frameAt(nowMs: number): Int16Array {
    const isSpeaking = this.#speech.some((span) => nowMs > span.fromMs && nowMs <= span.untilMs)
    return isSpeaking ? this.#tone : this.#silence
  }
}

function tone(): Int16Array {
  const frame = new Int16Array(INPUT_FRAME_SAMPLES)
  for (let index = 0; index < frame.length; index += 1) {
    frame[index] = 9000 * Math.sin((2 * Math.PI * 400 * index) / 16_000)
  }
  return frame
}
