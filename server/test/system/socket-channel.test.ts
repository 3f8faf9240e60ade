import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { silentLog } from '../../src/base/log.ts'
import { SimulatedClock } from '../../src/base/simulated-clock.ts'
import { CHANNEL_LOST_MS, type Channel } from '../../src/ports/channel.ts'
import { adoptSocket, SOCKET_QUEUE_MS } from '../../src/rtc/socket-channel.ts'
import { measureTone, tone } from '../tone.ts'

let server: Server
/** The sockets run in real time; what the channel times, the test decides. */
let clock: SimulatedClock
const adopted: { readonly channel: Channel; readonly story: string[] }[] = []
const clients: WebSocket[] = []

before(async () => {
  server = createServer()
  server.on('upgrade', (request, socket, head) => {
    const story: string[] = []
    const channel = adoptSocket({
      socket,
      head,
      key: request.headers['sec-websocket-key'] ?? '',
      sampleRateHz: Number(request.url?.slice(1)),
      connectionId: 'connection',
      userId: 'user',
      clock,
      log: silentLog,
      events: {
        onOpen: () => story.push('open'),
        onMessage: (text) => story.push(text),
        onClose: (reason) => story.push(`closed: ${reason}`),
      },
    })
    adopted.push({ channel, story })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(() => {
  for (const client of clients) client.terminate()
  clients.length = 0
})

after(() => new Promise((resolve) => server.close(resolve)))

interface Connected {
  readonly client: WebSocket
  readonly channel: Channel
  readonly story: string[]
  readonly sound: Buffer[]
  readonly texts: string[]
}

async function connect(sampleRateHz: number): Promise<Connected> {
  clock = new SimulatedClock()
  adopted.length = 0
  const { port } = server.address() as AddressInfo
  const client = new WebSocket(`ws://127.0.0.1:${port}/${sampleRateHz}`)
  clients.push(client)
  const sound: Buffer[] = []
  const texts: string[] = []
  client.on('message', (data, isBinary) => {
    if (isBinary) sound.push(data as Buffer)
    else texts.push(String(data))
  })
  await new Promise((resolve, reject) => {
    client.once('open', resolve)
    client.once('error', reject)
  })
  await until('adopted', () => adopted[0]?.story[0] === 'open')
  const [one] = adopted
  assert.ok(one !== undefined)
  return { client, ...one, sound, texts }
}

async function until(what: string, isTrue: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isTrue(); waitedMs += 2) {
    assert.ok(waitedMs < 3000, `did not happen: ${what}`)
    await sleep(2)
  }
}

const bytesOf = (samples: Int16Array): Buffer =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)

/** Sends a text and waits for it: all that was sent before has arrived then. */
async function settle({ client, story }: Connected): Promise<void> {
  client.send('settled')
  await until('settled', () => story.at(-1) === 'settled')
}

function readAll(channel: Channel): Int16Array {
  const frames: number[] = []
  for (let frame = channel.readAudio(0); frame !== undefined; frame = channel.readAudio(0))
    frames.push(...frame)
  return Int16Array.from(frames)
}

test('sound of every rate, in pieces of any length, arrives at 16 kHz', async () => {
  for (const sampleRateHz of [16_000, 24_000, 48_000]) {
    const connected = await connect(sampleRateHz)
    const samples = (sampleRateHz * 600) / 1000
    const bytes = bytesOf(tone({ hz: 700, rateHz: sampleRateHz, samples }))
    for (let at = 0, length = 1; at < bytes.length; at += length, length = (length * 5 + 7) % 2000)
      connected.client.send(bytes.subarray(at, at + length))
    await settle(connected)
    const heard = readAll(connected.channel)
    assert.ok(heard.length >= 16 * 560 && heard.length <= 16 * 600, `${heard.length} samples`)
    const { amplitude, overRestDb } = measureTone(heard.subarray(1600, 8000), {
      hz: 700,
      rateHz: 16_000,
    })
    assert.ok(overRestDb > 50, `${sampleRateHz}: ${overRestDb} dB`)
    assert.ok(Math.abs(amplitude - 10_000) < 200)
  }
})

test('the agent is heard at the rate asked for, and silence between as zeros', async () => {
  for (const sampleRateHz of [16_000, 24_000, 48_000]) {
    const { channel, sound } = await connect(sampleRateHz)
    for (let tick = 0; tick < 30; tick += 1)
      channel.writeAudio(
        tick < 20
          ? tone({ hz: 900, rateHz: 24_000, samples: 480, startSample: tick * 480 })
          : undefined,
        tick * 20,
      )
    await until('30 frames', () => sound.length === 30)
    const frameBytes = (sampleRateHz * 40) / 1000
    assert.ok(sound.every((frame) => frame.length === frameBytes))
    const whole = Buffer.concat(sound)
    const samples = Int16Array.from({ length: whole.length / 2 }, (_, i) =>
      whole.readInt16LE(i * 2),
    )
    const { overRestDb } = measureTone(
      samples.subarray(sampleRateHz / 10, (sampleRateHz * 3) / 10),
      { hz: 900, rateHz: sampleRateHz },
    )
    assert.ok(overRestDb > 50, `${sampleRateHz}: ${overRestDb} dB`)
    assert.ok(samples.subarray(-sampleRateHz / 20).every((sample) => sample === 0))
  }
})

test('messages pass both ways, pings are answered here', async () => {
  const { client, channel, story, texts } = await connect(16_000)
  client.send('{"type":1119,"data":{"text":"你好"}}')
  client.send('{"type":"ping"}')
  channel.sendMessage('{"type":1001}')
  await until('texts', () => texts.length === 2 && story.length === 2)
  assert.deepEqual(story, ['open', '{"type":1119,"data":{"text":"你好"}}'])
  assert.deepEqual(texts.sort(), ['{"type":"pong"}', '{"type":1001}'].sort())
})

test('sound sent ahead of its time is queued for a second, then the oldest is dropped', async () => {
  const connected = await connect(16_000)
  const samples = Int16Array.from({ length: 48_000 }, (_, i) => Math.floor(i / 1600) * 100)
  for (let at = 0; at < samples.length; at += 320)
    connected.client.send(bytesOf(samples.subarray(at, at + 320)))
  await settle(connected)
  const heard = readAll(connected.channel)
  assert.equal(heard.length, 16 * SOCKET_QUEUE_MS)
  assert.equal(heard[0], 2000)
  assert.equal(heard.at(-1), 2900)
})

test('a client that says nothing for 15 s is lost; one that answers pings is not', async () => {
  const { client, story } = await connect(16_000)
  let pings = 0
  client.on('ping', () => {
    pings += 1
  })
  for (let second = 0; second < 30; second += 1) {
    clock.advance(1000)
    const wanted = Math.floor((second + 1) / 5)
    await until('ping', () => pings === wanted)
    await sleep(5)
  }
  assert.deepEqual(story, ['open'])
  client.pause()
  clock.advance(CHANNEL_LOST_MS + 5000)
  assert.deepEqual(story, ['open', 'closed: lost'])
  assert.equal(clock.pending, 0)
})

test('the client learns why the server closes; the channel ends once', async () => {
  const { client, channel, story, texts } = await connect(16_000)
  const closed = new Promise((resolve) => client.once('close', (code) => resolve(code)))
  channel.close('replaced')
  channel.close('lost')
  assert.equal(await closed, 4003)
  assert.deepEqual(texts, ['{"type":"bye","data":{"reason":3}}'])
  assert.deepEqual(story, ['open', 'closed: replaced'])
  channel.writeAudio(new Int16Array(480), 0)
  channel.sendMessage('late')
  assert.equal(channel.readAudio(0), undefined)
})

test('leaving in order is a hang-up, breaking off is a loss', async () => {
  const polite = await connect(16_000)
  polite.client.close(1000)
  await until('hang-up', () => polite.story.includes('closed: hang-up'))
  const rude = await connect(16_000)
  rude.client.terminate()
  await until('lost', () => rude.story.includes('closed: lost'))
})

test('a message beyond the limit ends the connection and nothing else', async () => {
  const { client, story } = await connect(16_000)
  client.on('error', () => {})
  const closed = new Promise((resolve) => client.once('close', (code) => resolve(code)))
  client.send(Buffer.alloc(300 * 1024))
  await until('closed', () => story.length === 2)
  assert.deepEqual(story, ['open', 'closed: lost'])
  assert.equal(await closed, 1009)
})
