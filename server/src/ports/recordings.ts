/** Sound of calls, kept as WAV files of 16 kHz and 16 bits. */
export const RECORDING_RATE_HZ = 16_000

/** One file of a call. */
export interface Recording {
  /** `call.wav`, or `<entry>-user.wav` and `<entry>-agent.wav`. */
  readonly fileName: string
  /** The whole call (left: users, right: agent), or one sentence of one side (mono). */
  readonly kind: 'call' | 'sentence'
  /** Of a sentence. */
  readonly role?: 'user' | 'agent'
  /** Of a sentence: its `entryId` in the record. */
  readonly entryId?: number
  /** Wall time of the first sample, ms since 1970, on the same clock as the call's record. */
  readonly startMs: number
  readonly durationMs: number
  /** Of the file as it is handed out. */
  readonly sizeBytes: number
}

/** Takes the sound of one running call. Nothing here waits; what cannot be written is told by `onError`, once. */
export interface RecordingWriter {
  /**
   * Sound of both sides, interleaved, user first, whose first sample belongs to wall time `atMs`. Stretches that
   * are never written are silent. A call that goes on in another process goes on in the same file.
   */
  writeCall(atMs: number, interleaved: Int16Array): void
  /** One sentence; the same `entryId` and role again replaces it. */
  writeSentence(sentence: RecordedSentence): void
  /** Resolves when all is written and the files are complete. May be called twice. */
  close(): Promise<void>
}

export interface RecordedSentence {
  readonly role: 'user' | 'agent'
  readonly entryId: number
  readonly startMs: number
  readonly samples: Int16Array
}

/** A file that has just been completed. */
export type RecordedFile = Pick<Recording, 'fileName' | 'kind' | 'entryId' | 'durationMs'>

/** The recordings of all calls. */
export interface Recordings {
  /** `onKept` hears of every file that is complete. */
  open(
    instanceId: string,
    onError: (message: string) => void,
    onKept?: (file: RecordedFile) => void,
  ): RecordingWriter
  /** Completes the file of a whole call whose process has died, and that no process goes on with; nothing when
   * there is none. */
  complete(instanceId: string): Promise<RecordedFile | undefined>
  /** Oldest first; also while the call runs, as far as it has come. */
  list(instanceId: string): Promise<readonly Recording[]>
  /** A file of a call from byte `start` (0 when left out) up to and without `end`, with a header that fits what
   * there is; `undefined` when there is none. */
  read(
    instanceId: string,
    fileName: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<{ readonly bytes: Uint8Array; readonly sizeBytes: number } | undefined>
  /** Deletes all recordings of a call that has ended. Succeeds when there are none. */
  remove(instanceId: string): Promise<void>
  /** Calls, at most `limit`, whose recordings were last written before `beforeMs` (wall time). */
  listOlder(beforeMs: number, limit: number): Promise<readonly string[]>
}

/** Seconds of sound that are recorded of a call: that of all files together. */
export const recordedSeconds = (recordings: readonly Recording[]): number =>
  recordings.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000
