import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { apiUnderTest, type ApiUnderTest } from '../../test/wire/api-under-test.ts'
import { writeWav } from '../media/wav.ts'

const OWN = '2026-11-01'

const file = (name: string): Buffer =>
  readFileSync(new URL(`../../test/audio/${name}`, import.meta.url))

async function withAgent(): Promise<{ readonly api: ApiUnderTest; readonly AIAgentId: string }> {
  const api = apiUnderTest()
  const { json } = await api.call('CreateAIAgent', { Name: 'Zoë' }, OWN)
  return { api, AIAgentId: String(json['AIAgentId']) }
}

test('a background is uploaded, listed behind those that come along, and deleted', async () => {
  const { api, AIAgentId } = await withAgent()
  const Content = file('tone_1khz_1s.mp3').toString('base64')
  const uploaded = await api.call('UploadAmbientSound', { AIAgentId, Name: ' Café ', Content }, OWN)
  const { ResourceId } = uploaded.json
  assert.match(String(ResourceId), /^[0-9a-f]{32}$/)
  const list = async (): Promise<Record<string, unknown>[]> => {
    const { json } = await api.call('ListAmbientSounds', { AIAgentId }, OWN)
    return json['AmbientSounds'] as Record<string, unknown>[]
  }
  const [, , , own, ...none] = await list()
  assert.deepEqual(none, [])
  assert.ok(Number(own?.['Duration']) > 900 && Number(own?.['Duration']) < 1200)
  assert.deepEqual(
    { ...own, Duration: 0 },
    {
      ResourceId,
      Name: 'Café',
      Source: 'upload',
      Format: 'MP3',
      Size: file('tone_1khz_1s.mp3').length,
      Duration: 0,
      GmtCreate: '2026-03-01T12:00:05.000+00:00',
    },
  )
  for (let time = 0; time < 2; time += 1) {
    const { status } = await api.call(
      'DeleteAmbientSound',
      { AIAgentId, ResourceId: String(ResourceId) },
      OWN,
    )
    assert.equal(status, 200)
  }
  const ids = (await list()).map((sound) => sound['ResourceId'])
  assert.deepEqual(ids, ['public_conversation', 'public_customer_service', 'public_park'])
})

test('what is no sound, too long, too short or one too many is refused by name', async () => {
  const { api, AIAgentId } = await withAgent()
  const upload = async (content: Uint8Array | string): Promise<string> => {
    const Content = typeof content === 'string' ? content : Buffer.from(content).toString('base64')
    const { json } = await api.call('UploadAmbientSound', { AIAgentId, Content }, OWN)
    return json['Code'] === undefined ? 'taken' : `${json['Code']}: ${json['Message']}`
  }
  assert.match(await upload(''), /^MissingContent/)
  assert.match(await upload('no base64!'), /^InvalidParameter: .*Content.*not base64/)
  assert.match(await upload(Buffer.from('<html>')), /Content.*neither a WAV nor an MP3/)
  const wav = (samples: number): Uint8Array =>
    writeWav({ sampleRateHz: 24_000, samples: new Int16Array(samples) })
  assert.match(await upload(wav(760_000)), /Content.*1500000 bytes.*1520044 bytes/)
  assert.match(await upload(wav(1000)), /Content.*shorter than 500 ms/)
  const results = await Promise.all(Array.from({ length: 7 }, () => upload(wav(24_000))))
  assert.equal(results.filter((result) => result === 'taken').length, 5, results.join('; '))
  assert.ok(results.at(-1)?.startsWith('LimitExceeded'))
  const missing = await api.call('ListAmbientSounds', { AIAgentId: 'f'.repeat(32) }, OWN)
  assert.equal(missing.json['Code'], 'AgentNotFound')
})
