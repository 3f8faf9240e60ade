import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkLink, startWatch } from './link-watch.ts'
import { volumeOf } from './level-meter.ts'

/** The verdicts over a row of looks: [time in ms, bytes received so far]. */
function verdicts(looks: readonly (readonly [number, number])[]): string[] {
  let watch = startWatch(0)
  return looks.map(([nowMs, receivedBytes]) => {
    const result = checkLink(watch, { receivedBytes, nowMs })
    watch = result.watch
    return result.verdict
  })
}

test('a silent server is probed after a second and given up after two and a half', () => {
  const looks = [500, 1000, 1500, 2500, 3000].map((nowMs) => [nowMs, 100] as const)
  assert.deepEqual(verdicts(looks), ['alive', 'alive', 'probe', 'probe', 'lost'])
})

test('any byte breaks the silence', () => {
  const looks = [
    [500, 100],
    [1000, 100],
    [1900, 100],
    [2400, 101],
    [2900, 101],
  ] as const
  assert.deepEqual(verdicts(looks), ['alive', 'alive', 'probe', 'alive', 'alive'])
})

test('a page that slept does not take its own sleep for silence', () => {
  const looks = [
    [500, 100],
    [60_000, 100],
    [60_500, 200],
  ] as const
  assert.deepEqual(verdicts(looks), ['alive', 'probe', 'alive'])
})

test('silence shows as 0, a loud voice as nearly full, and louder never as less', () => {
  const volumes = [0, 0.001, 0.01, 0.05, 0.2, 1].map((value) =>
    volumeOf(new Float32Array(1024).fill(value)),
  )
  assert.equal(volumes[0], 0)
  assert.equal(volumes.at(-1), 255)
  assert.deepEqual(
    volumes,
    volumes.toSorted((a, b) => a - b),
  )
})
