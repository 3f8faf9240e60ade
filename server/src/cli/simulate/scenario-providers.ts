import { tmpdir } from 'node:os'
import type { Clock } from '../../base/clock.ts'
import { silentLog } from '../../base/log.ts'
import type { Result } from '../../base/result.ts'
import { systemIds } from '../../base/system-ids.ts'
import type { CallProviders } from '../../call/call-options.ts'
import { callSettings } from '../../call/settings.ts'
import { readConfig } from '../../config/config.ts'
import type { Environment } from '../../config/readers.ts'
import { INPUT_RATE_HZ } from '../../media/pcm.ts'
import { Resampler } from '../../media/resample.ts'
import type { TtsProvider } from '../../ports/tts.ts'
import { createProviders, type Providers } from '../../providers/registry.ts'
import { scriptedTts } from '../../providers/scripted/tts.ts'
import type { ProviderChoice, ProvidersConfig } from '../../schema/providers.ts'
import { CommandError } from '../command.ts'
import { milliseconds, type Scenario } from './scenario.ts'
import { simulatedModel } from './simulated-model.ts'
import { simulatedAsr, type SimulatedUser } from './simulated-user.ts'

const FINAL_MS = 80
const PARTIAL_MS = 240
const VOICE_FIRST_MS = 60
const MS_PER_CHAR = 60

/** These need nothing but a clock, so that time may be virtual. */
const TIMELESS: ReadonlySet<string> = new Set(['scripted', 'builtin', 'energy'])

export const isReal = (choice: ProviderChoice | undefined): boolean =>
  choice !== undefined && !TIMELESS.has(choice.provider)

export interface ScenarioProviders {
  readonly call: CallProviders
  /** A voice for the user, where the recogniser listens to sound. */
  readonly userVoice?: TtsProvider
  close(): void
}

/** The four providers of a scenario: those it names, and our simulations of the others. */
export async function openProviders(
  { scenario, agentConfig }: { readonly scenario: Scenario; readonly agentConfig: string },
  around: {
    readonly clock: Clock
    readonly user: SimulatedUser
    readonly environment: Environment
    readonly onAsked: (question: string) => void
  },
): Promise<ScenarioProviders> {
  const { clock, user, environment, onAsked } = around
  const named = (scenario.providers ?? {}) as ProvidersConfig
  const registry = createRegistry(clock, environment)
  const { recogniser = {}, voice = {}, model = {} } = scenario
  const { languageId } = callSettings(agentConfig)
  const call: CallProviders = {
    asr:
      named.asr === undefined
        ? simulatedAsr(clock, user, {
            finalMs: milliseconds(recogniser.final ?? FINAL_MS),
            partialMs:
              recogniser.partial === false ? false : milliseconds(recogniser.partial ?? PARTIAL_MS),
          })
        : got(registry.asr(named.asr, languageId)),
    llm:
      named.llm === undefined
        ? simulatedModel(clock, model, onAsked)
        : got(registry.llm(named.llm)),
    tts:
      named.tts === undefined
        ? scriptedTts(clock, {
            firstAudioMs: milliseconds(voice.first ?? VOICE_FIRST_MS),
            msPerChar: milliseconds(voice.character ?? MS_PER_CHAR),
          })
        : got(registry.tts(named.tts, languageId)),
    vad: got(registry.vad(named.vad ?? { provider: 'energy' })),
  }
  const userVoice = isReal(named.asr) ? { userVoice: got(registry.tts({ provider: 'flite' })) } : {}
  if (Object.values(named).some(isReal)) got(await registry.load())
  return { call, ...userVoice, close: () => registry.close() }
}

function createRegistry(clock: Clock, environment: Environment): Providers {
  const config = readConfig(environment, { cores: 1 })
  const openAi =
    config.ok && config.value.openAi !== undefined ? { openAi: config.value.openAi } : {}
  return createProviders({
    clock,
    ids: systemIds,
    log: silentLog,
    cacheFolder: tmpdir(),
    ...openAi,
    environment: (name) => environment[name],
    defaults: { asr: 'scripted', llm: 'scripted', tts: 'scripted', vad: 'energy' },
  })
}

function got<Value>(result: Result<Value, string>): Value {
  if (!result.ok) throw new CommandError(result.error)
  return result.value
}

/** A text as sound at 16 kHz, for a recogniser that listens. */
export function synthesise(voice: TtsProvider, text: string): Promise<Int16Array> {
  return new Promise((resolve, reject) => {
    const pieces: number[] = []
    let resampler: { readonly fromHz: number; readonly to: Resampler } | undefined
    voice.speak(
      { text, voiceId: 'slt', speechRate: 1 },
      {
        onAudio: (pcm, fromHz) => {
          if (resampler?.fromHz !== fromHz) {
            resampler = { fromHz, to: new Resampler({ fromHz, toHz: INPUT_RATE_HZ }) }
          }
          for (const sample of resampler.to.process(pcm)) pieces.push(sample)
        },
        onMark() {},
        onEnd: () => resolve(Int16Array.from(pieces)),
        onError: (error) => reject(new CommandError(`The user has no voice: ${error.message}.`)),
      },
    )
  })
}
