import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { DecodingAsr } from '../decoding-asr.ts'
import type { MoonshineSetup } from './thread.ts'

export interface MoonshineOptions extends MoonshineSetup {
  readonly clock: Clock
  readonly log: Log
}

/** Moonshine: English, offline. Hot words are not supported by the model. */
export function moonshineAsr({ clock, log, model, cacheFolder }: MoonshineOptions): DecodingAsr {
  const setup: MoonshineSetup = { model, cacheFolder }
  return new DecodingAsr({
    clock,
    log,
    name: 'moonshine',
    threadName: `moonshine ${model}`,
    languages: ['en'],
    file: new URL('./thread.ts', import.meta.url),
    setup,
  })
}
