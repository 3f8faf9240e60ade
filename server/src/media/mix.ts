/**
 * The sum of the frames that are there, of the length of `mix`, which it is written into; a single one is given
 * back as it is.
 */
export function mixInto(
  mix: Int16Array,
  frames: readonly (Int16Array | undefined)[],
): Int16Array | undefined {
  // This runs 50 times a second for every call, mostly with one sound or none.
  const first = frames.findIndex((frame) => frame !== undefined)
  if (first < 0 || isLast(frames, first)) return frames[first]
  const sounding = frames.filter((frame) => frame !== undefined)
  for (let index = 0; index < mix.length; index += 1) {
    let sum = 0
    for (const frame of sounding) sum += frame[index] ?? 0
    mix[index] = Math.max(-32_768, Math.min(32_767, sum))
  }
  return mix
}

function isLast(frames: readonly (Int16Array | undefined)[], at: number): boolean {
  for (let index = at + 1; index < frames.length; index += 1) {
    if (frames[index] !== undefined) return false
  }
  return true
}
