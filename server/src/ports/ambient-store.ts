/** A background sound that somebody has uploaded for an agent. */
export interface AmbientRecord {
  /** `AmbientSoundConfig.ResourceId` that plays it. */
  readonly resourceId: string
  readonly agentId: string
  /** For people. */
  readonly name: string
  /** What was uploaded. */
  readonly format: 'WAV' | 'MP3'
  readonly sizeBytes: number
  readonly durationMs: number
  readonly createdMs: number
}

/** Uploaded background sounds, kept as WAV at 24 kHz, mono. All reads see what was written before. */
export interface AmbientStore {
  /** Oldest first. */
  list(agentId: string): Promise<readonly AmbientRecord[]>
  /** Durable when it resolves. */
  put(record: AmbientRecord, wav: Uint8Array): Promise<void>
  /** `undefined` when the agent has no such sound. */
  read(agentId: string, resourceId: string): Promise<Uint8Array | undefined>
  /** False when there was none. */
  remove(agentId: string, resourceId: string): Promise<boolean>
}
