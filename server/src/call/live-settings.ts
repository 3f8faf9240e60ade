import { patchConfig } from '../schema/config-patch.ts'
import type { Config } from '../schema/effective-config.ts'
import { ClientMessage, ServerMessage } from '../schema/messages.ts'
import type { CallSpec } from '../ports/calls.ts'
import { voiceOf } from './live-changes.ts'
import type { Outbox } from './outbox.ts'
import { callSettings, type CallSettings } from './settings.ts'

/** The configuration of a running call, how it is changed, and what of a change is recorded and told. */
export class LiveSettings {
  readonly #spec: CallSpec
  readonly #outbox: Outbox
  readonly #voices: { readonly all: readonly string[]; readonly byDefault: string }
  readonly #wallMs: () => number
  readonly #onChange: (settings: CallSettings) => void
  /** JSON text of the effective configuration. */
  #agentConfig: string
  #now: CallSettings

  constructor(options: {
    readonly spec: CallSpec
    readonly outbox: Outbox
    readonly voices: { readonly all: readonly string[]; readonly byDefault: string }
    readonly wallMs: () => number
    /** The settings have changed; comes before the change is told to the client. */
    readonly onChange: (settings: CallSettings) => void
  }) {
    this.#spec = options.spec
    this.#outbox = options.outbox
    this.#voices = options.voices
    this.#wallMs = options.wallMs
    this.#onChange = options.onChange
    this.#agentConfig = options.spec.agentConfig
    this.#now = callSettings(options.spec.agentConfig)
  }

  get now(): CallSettings {
    return this.#now
  }

  /** JSON text of the effective configuration. */
  get agentConfig(): string {
    return this.#agentConfig
  }

  /** By the API, which has stored it: `agentConfig` is the whole effective configuration (JSON text). */
  replace(agentConfig: string): void {
    const before = this.#now
    this.#apply(agentConfig)
    if (this.#now.voiceId !== before.voiceId) this.#tellVoice()
    const { isVoiceInterruptOn } = this.#now.dialogue
    if (isVoiceInterruptOn !== before.dialogue.isVoiceInterruptOn) this.#tellVoiceInterrupt()
  }

  /** A client changes its call by message `type`: as durable as by the API, and confirmed where that is the rule. */
  patch(type: number, patch: Config): void {
    if (type === ClientMessage.switchVoice && !this.#voices.all.includes(voiceOf(patch))) {
      this.#tellVoice()
      return
    }
    const wasPushToTalk = this.#now.dialogue.isPushToTalk
    const text = JSON.stringify(patch)
    const { agentConfig } = patchConfig(this.#agentConfig, text, this.#spec.type)
    const atMs = Math.round(this.#wallMs())
    this.#outbox.record([{ type: 'settings', atMs, patch: text, agentConfig }])
    this.#apply(agentConfig)
    if (type === ClientMessage.switchVoice) this.#tellVoice()
    if (type === ClientMessage.voiceInterrupt) this.#tellVoiceInterrupt()
    // A change is told by the engine; that there is none, here.
    const { isPushToTalk } = this.#now.dialogue
    if (type === ClientMessage.pushToTalk && isPushToTalk === wasPushToTalk) {
      this.#outbox.tell(ServerMessage.pushToTalkSwitched, { enable: isPushToTalk })
    }
  }

  #apply(agentConfig: string): void {
    this.#agentConfig = agentConfig
    this.#now = callSettings(agentConfig)
    this.#onChange(this.#now)
  }

  #tellVoice(): void {
    const voiceId = this.#now.voiceId || this.#voices.byDefault
    this.#outbox.tell(ServerMessage.voiceChanged, { voiceId })
  }

  #tellVoiceInterrupt(): void {
    const enable = this.#now.dialogue.isVoiceInterruptOn
    this.#outbox.tell(ServerMessage.voiceInterruptSwitched, { enable })
  }
}
