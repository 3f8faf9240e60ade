import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { framesOf } from '../../test/audio/read-wav.ts'
import { silentLog } from '../base/log.ts'
import { simulatedIds } from '../base/simulated-ids.ts'
import { systemClock } from '../base/system-clock.ts'
import { machinePump, until } from '../ports/pump.contract.ts'
import { isSpoken, speak } from '../ports/tts.contract.ts'
import { createProviders } from './registry.ts'

const providers = createProviders({
  clock: systemClock,
  ids: simulatedIds(),
  log: silentLog,
  cacheFolder: join(tmpdir(), 'antiphon-round-trip-test'),
  environment: () => undefined,
})
after(() => providers.close())

test('what the default voice says, the default recogniser understands', async () => {
  assert.deepEqual(await providers.load(), { ok: true, value: undefined })
  const [voice, recogniser] = [providers.tts(), providers.asr(undefined, 'en')]
  assert.ok(voice.ok && recogniser.ok)
  const spoken = speak(
    voice.value,
    '**Twelve** times seven is 84. Your appointment is cancelled. 😀',
  )
  await until(machinePump, () => isSpoken(spoken), 'the speech')
  let heard: string | undefined
  const stream = recogniser.value.open(
    { languageId: 'en', hotWords: [], customParams: '' },
    {
      onPartial() {},
      onFinal: (text) => (heard = text.toLowerCase()),
      onError: (error) => assert.fail(error.message),
    },
  )
  for (const { pcm, sampleRateHz } of spoken.pieces) {
    assert.equal(sampleRateHz, 16_000)
    for (const frame of framesOf(pcm)) stream.write(frame)
  }
  stream.flush(1)
  await until(machinePump, () => heard !== undefined, 'the transcript')
  for (const word of ['times', '84', 'appointment', 'cancelled'])
    assert.ok(heard?.includes(word), heard)
})
