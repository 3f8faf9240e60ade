/** Zero crossings of the filter on either side, at the lower of the two rates. */
const HALF_WIDTH = 16
/** Kaiser window: 60 dB and more beside the passband. */
const KAISER_BETA = 6.5
/** Where the filter falls, in parts of the lower Nyquist frequency. */
const CUTOFF = 0.92

/** One filter per phase of the output between two input samples. */
interface Filters {
  readonly up: number
  readonly down: number
  readonly taps: number
  /** `up` × `taps`, each phase oldest sample first. */
  readonly coefficients: Float64Array
}

const designed = new Map<string, Filters>()

/**
 * Changes the sample rate of a stream of mono sound, any pair of rates whose ratio is of small numbers
 * (8, 16, 22.05, 24, 32, 44.1, 48 kHz). The output lags by {@link Resampler.delayMs}; pieces may have
 * any length and join without a seam.
 */
export class Resampler {
  readonly #filters: Filters | undefined
  readonly #fromHz: number
  /** The last `taps - 1` samples, then the piece at hand. */
  #window: Float64Array
  #output = new Int16Array(0)
  /** Of the next output sample: the last input sample it needs, and its place after that. */
  #position = 0
  #phase = 0

  constructor(options: { readonly fromHz: number; readonly toHz: number }) {
    this.#fromHz = options.fromHz
    this.#filters = options.fromHz === options.toHz ? undefined : filtersFor(options)
    this.#window = new Float64Array((this.#filters?.taps ?? 1) - 1)
  }

  /** How far the output lies behind the input. */
  get delayMs(): number {
    return this.#filters === undefined ? 0 : (this.#filters.taps / 2 / this.#fromHz) * 1000
  }

  /** The next piece. What comes back is the resampler's own and valid until the next call; with equal
   * rates it is the input itself. */
  process(input: Int16Array): Int16Array {
    const filters = this.#filters
    if (filters === undefined) return input
    const { up, down, taps, coefficients } = filters
    const window = this.#fill(input, taps)
    const limit = Math.ceil((input.length * up) / down) + 1
    if (this.#output.length < limit) this.#output = new Int16Array(limit)
    const output = this.#output
    let count = 0
    let position = this.#position
    let phase = this.#phase
    while (position < input.length) {
      const sum = product(window, position, coefficients, phase * taps, taps)
      output[count] = sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : Math.round(sum)
      count += 1
      phase += down
      while (phase >= up) {
        phase -= up
        position += 1
      }
    }
    this.#position = position - input.length
    this.#phase = phase
    window.copyWithin(0, input.length, input.length + taps - 1)
    return output.subarray(0, count)
  }

  /** The rest of the sound after its last piece; then the resampler is as new. */
  flush(): Int16Array {
    if (this.#filters === undefined) return new Int16Array(0)
    const rest = this.process(new Int16Array(Math.ceil(this.#filters.taps / 2))).slice()
    this.reset()
    return rest
  }

  /** Forgets the sound so far. */
  reset(): void {
    this.#window.fill(0)
    this.#position = 0
    this.#phase = 0
  }

  #fill(input: Int16Array, taps: number): Float64Array {
    const length = taps - 1 + input.length
    if (this.#window.length < length) {
      const larger = new Float64Array(length)
      larger.set(this.#window.subarray(0, taps - 1))
      this.#window = larger
    }
    this.#window.set(input, taps - 1)
    return this.#window
  }
}

/** The inner product of `taps` values, four by four: nearly all of the time goes here. */
function product(
  samples: Float64Array,
  samplesAt: number,
  filter: Float64Array,
  filterAt: number,
  taps: number,
): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let tap = 0; tap < taps; tap += 4) {
    const i = samplesAt + tap
    const j = filterAt + tap
    a += (samples[i] as number) * (filter[j] as number)
    b += (samples[i + 1] as number) * (filter[j + 1] as number)
    c += (samples[i + 2] as number) * (filter[j + 2] as number)
    d += (samples[i + 3] as number) * (filter[j + 3] as number)
  }
  return a + b + c + d
}

function filtersFor(rates: { readonly fromHz: number; readonly toHz: number }): Filters {
  const key = `${rates.fromHz} ${rates.toHz}`
  const filters = designed.get(key) ?? design(rates)
  designed.set(key, filters)
  return filters
}

function design({ fromHz, toHz }: { readonly fromHz: number; readonly toHz: number }): Filters {
  const divisor = greatestCommonDivisor(fromHz, toHz)
  const up = toHz / divisor
  const down = fromHz / divisor
  // Towards a lower rate the filter is as much wider as the passband is narrower.
  const scale = Math.min(1, toHz / fromHz)
  const half = 2 * Math.ceil(HALF_WIDTH / scale / 2)
  const taps = 2 * half
  const coefficients = new Float64Array(up * taps)
  for (let phase = 0; phase < up; phase += 1) {
    let sum = 0
    for (let tap = 0; tap < taps; tap += 1) {
      const distance = tap - half + 1 - phase / up
      const value = sinc(distance * scale * CUTOFF) * kaiser(distance / half)
      coefficients[phase * taps + tap] = value
      sum += value
    }
    // Every phase passes a constant unchanged, or they would be heard as a tone.
    for (let tap = 0; tap < taps; tap += 1) {
      const at = phase * taps + tap
      coefficients[at] = (coefficients[at] ?? 0) / sum
    }
  }
  return { up, down, taps, coefficients }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** The Kaiser window over -1…1. */
function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / besselI0(KAISER_BETA)
}

function besselI0(x: number): number {
  let sum = 1
  let term = 1
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}
