export interface LevelSettings {
  /** Silero's probability from which a window is speech. */
  readonly threshold: number
  /** So many windows of speech in a row make a start (Silero has seen one more before the first). */
  readonly startWindows: number
  /** Speech so much softer than the user's is somebody in the background; `Infinity`: nobody is. */
  readonly backgroundDb: number
}

export const RECOMMENDED_THRESHOLD = 0.4

const RECOMMENDED: LevelSettings = {
  threshold: RECOMMENDED_THRESHOLD,
  startWindows: 1,
  backgroundDb: 20,
}

/**
 * By `AsrConfig.VadLevel`: 0 lets everything through, each of the next is stricter than the one before, 10 is the
 * hardest; past them, 11, the recommended. There are few thresholds because each needs detectors of its own.
 */
const LEVELS: readonly (readonly [threshold: number, startWindows: number])[] = [
  [0.25, 1],
  [0.35, 1],
  [0.35, 2],
  [0.5, 2],
  [0.5, 3],
  [0.65, 3],
  [0.65, 4],
  [0.8, 4],
  [0.8, 5],
  [0.9, 5],
  [0.9, 6],
]

export function levelSettings(level: number): LevelSettings {
  const entry = LEVELS[level]
  if (entry === undefined) return RECOMMENDED
  const [threshold, startWindows] = entry
  return { threshold, startWindows, backgroundDb: Infinity }
}
