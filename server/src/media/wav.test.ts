import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readWav, writeWav } from './wav.ts'

test('what is written is read again', () => {
  const sound = { sampleRateHz: 16_000, samples: Int16Array.of(0, 1, -32_768, 32_767) }
  assert.deepEqual(readWav(writeWav(sound)), { ok: true, value: sound })
})

test('stereo becomes mono, other chunks are passed over, a missing length means to the end', () => {
  const fmt = '666d7420 10000000 0100 0200 80bb0000 00ee0200 0400 1000'
  const list = '4c495354 03000000 616263 00'
  const data = '64617461 ffffffff 0a00 1400 ecff f6ff 05'
  const hex = `52494646 ffffffff 57415645 ${fmt} ${list} ${data}`.replaceAll(' ', '')
  const read = readWav(Uint8Array.from(Buffer.from(hex, 'hex')))
  assert.deepEqual(read, {
    ok: true,
    value: { sampleRateHz: 48_000, samples: Int16Array.of(15, -15) },
  })
})

test('8, 24 and 32 bits and floating point are read as 16 bits', () => {
  const file = (code: string, bits: string, bytes: string, data: string): Uint8Array => {
    const fmt = `666d7420 10000000 ${code} 0100 803e0000 00000000 ${bytes} ${bits}`
    const hex = `52494646 ffffffff 57415645 ${fmt} 64617461 ffffffff ${data}`
    return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
  }
  const samples = (bytes: Uint8Array): number[] => {
    const read = readWav(bytes)
    return read.ok ? [...read.value.samples] : assert.fail(read.error)
  }
  assert.deepEqual(samples(file('0100', '0800', '0100', '80 ff 00')), [0, 32_512, -32_768])
  assert.deepEqual(
    samples(file('0100', '1800', '0300', '560200 00ff7f 000080')),
    [2, 32_767, -32_768],
  )
  assert.deepEqual(samples(file('0100', '2000', '0400', '00000200 0000ff7f')), [2, 32_767])
  assert.deepEqual(
    samples(file('0300', '2000', '0400', '0000003f 00000040 000080bf')),
    [16_384, 32_767, -32_767],
  )
})

test('what is neither PCM nor floating point is refused in words', () => {
  const wav = writeWav({ sampleRateHz: 8000, samples: Int16Array.of(1) })
  wav[20] = 3
  assert.deepEqual(readWav(wav), {
    ok: false,
    error: 'WAV format 3 with 16 bits is not supported: PCM or float is needed',
  })
  assert.equal(readWav(new Uint8Array(3)).ok, false)
  assert.equal(readWav(wav.subarray(0, 36)).ok, false)
})
