import type { Result } from '../base/result.ts'

/** A sound ready to be played: mono, 24 kHz. May be shared; nobody changes it. */
export type Sound = Int16Array

/** Reads sound files. */
export interface SoundDecoder {
  /** A WAV or MP3 file. The error says what is wrong with it, for whoever sent it. */
  decode(file: Uint8Array): Promise<Result<Sound, string>>
}

/** Sounds for calls that are no speech of a model. */
export interface Sounds {
  /** The sound at an address that a user has given; the error is for that user. */
  fetch(url: string): Promise<Result<Sound, string>>
  /** A background by its id, made to go round: one that comes along or one of the agent's own. */
  ambient(agentId: string, resourceId: string): Promise<Result<Sound, string>>
}

/** A place without sounds, for tests of other things. */
export const noSounds: Sounds = {
  fetch: () => Promise.resolve({ ok: false, error: 'there are no sounds here' }),
  ambient: () => Promise.resolve({ ok: false, error: 'there are no sounds here' }),
}
