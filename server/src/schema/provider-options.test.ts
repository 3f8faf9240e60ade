import assert from 'node:assert/strict'
import { test } from 'node:test'
import { providerOptions, undescribedOptions } from './provider-options.ts'

test('every option of every provider is explained', () => {
  assert.deepEqual(undescribedOptions(), [])
})

test('options are plain JSON Schema', () => {
  const { properties, required } = providerOptions('asr', 'sherpa') as {
    readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>
    readonly required: readonly string[]
  }
  assert.deepEqual(required, ['folder'])
  assert.match(String(properties['folder']?.['description']), /models folder/)
  assert.deepEqual(
    [properties['threads']?.['minimum'], properties['threads']?.['maximum']],
    [1, 16],
  )
  assert.ok(!JSON.stringify(properties).includes('~'))
})
