/**
 * The sum of the frames that are there, of the length of `mix`, which it is written into; a single one is given
 * back as it is.
 */
export function mixInto(
  mix: Int16Array,
  frames: readonly (Int16Array | undefined)[],
): Int16Array | undefined {
  const sounding = frames.filter((frame) => frame !== undefined)
  if (sounding.length <= 1) return sounding[0]
  for (let index = 0; index < mix.length; index += 1) {
    let sum = 0
    for (const frame of sounding) sum += frame[index] ?? 0
    mix[index] = Math.max(-32_768, Math.min(32_767, sum))
  }
  return mix
}
