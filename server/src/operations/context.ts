import type { AccessDirectory } from '../access/directory.ts'
import type { Principal } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import type { Ids } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import type { OutboundRules } from '../base/outbound-address.ts'
import type { AmbientStore } from '../ports/ambient-store.ts'
import type { Calls } from '../ports/calls.ts'
import type { ProviderDesk } from '../ports/provider-desk.ts'
import type { Recordings } from '../ports/recordings.ts'
import type { SoundDecoder } from '../ports/sounds.ts'
import type { Store } from '../ports/store.ts'
import type { RtcApp } from '../schema/channel-token.ts'

/** What an operation works with. */
export interface OperationContext {
  readonly store: Store
  /** Users, keys, policies and roles. */
  readonly access: AccessDirectory
  readonly caller: Principal
  /** What conditions of policies are compared with. */
  policyContext(): Readonly<Record<string, string>>
  readonly calls: Calls
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly rtcApp: RtcApp
  /** A signed address of a call's log that expires. */
  logUrl(instanceId: string, origin: string): string
  /** Who serves an agent whose `Providers` does not say. */
  readonly defaultProviders: Readonly<Record<'asr' | 'llm' | 'tts' | 'vad', string>>
  /** What is known of providers, and whether they work. */
  readonly providerDesk: ProviderDesk
  /** Where this server may connect to on a user's word. */
  readonly outboundRules: OutboundRules
  /** Recorded sound of calls. */
  readonly recordings: Recordings
  /** A signed address of a recording that expires. */
  recordingUrl(
    file: { readonly instanceId: string; readonly fileName: string },
    origin: string,
  ): string
  /** Background sounds that were uploaded. */
  readonly ambientSounds: AmbientStore
  readonly soundDecoder: SoundDecoder
  /** Where this request reached the server: `http://127.0.0.1:8090`. */
  readonly origin: string
  /** Runs tasks of the same name one after the other: changes that first read what they change. */
  inTurn<T>(name: string, task: () => Promise<T>): Promise<T>
}
