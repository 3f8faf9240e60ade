/** Round numbers from 0 to at least `most`, some four of them: where the lines of a chart stand. */
export function ticksTo(most: number): readonly number[] {
  if (most <= 0) return [0, 1]
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough
  const whole = Math.ceil(most / step - 1e-9)
  return Array.from({ length: whole + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

/** The same for things that are counted: no half ones. */
export const countTicksTo = (most: number): readonly number[] =>
  most <= 4
    ? Array.from({ length: Math.max(1, Math.ceil(most)) + 1 }, (_, index) => index)
    : ticksTo(most)

/** Which of so many labels there is room for: every how many one is shown. */
export function labelEvery(count: number, widthPx: number, labelPx: number): number {
  const fits = Math.max(1, Math.floor(widthPx / labelPx))
  const rough = Math.ceil(count / fits)
  return [1, 2, 3, 4, 6, 7, 12, 24].find((one) => one >= rough) ?? rough
}

/** An SVG path through the points that are there; a gap where one is missing. */
export function pathOf(points: readonly (readonly [x: number, y: number] | undefined)[]): string {
  let isOpen = false
  return points
    .flatMap((point) => {
      if (point === undefined) {
        isOpen = false
        return []
      }
      const [x, y] = point.map((value) => Math.round(value * 10) / 10)
      const step = `${isOpen ? 'L' : 'M'}${x} ${y}`
      isOpen = true
      return [step]
    })
    .join('')
}
