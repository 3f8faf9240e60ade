import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { silentLog } from '../../src/base/log.ts'
import { systemClock } from '../../src/base/system-clock.ts'
import { writeWav } from '../../src/media/wav.ts'
import type { Channel } from '../../src/ports/channel.ts'
import { createWebRtcTransport, type WebRtcTransport } from '../../src/rtc/webrtc-transport.ts'
import { measureTone, tone } from '../tone.ts'
import { findChrome, launchChrome } from './chrome.ts'
import { freeUdpPort } from './webrtc-client.ts'

const { path: chromePath, skip } = findChrome()
const MICROPHONE_S = 10

/** A page that connects as docs/channels.md says, and measures what it hears. */
const PAGE = `<!doctype html><script>
async function call() {
  const microphone = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  })
  const peer = (window.peer = new RTCPeerConnection())
  for (const track of microphone.getTracks()) peer.addTrack(track, microphone)
  addEventListener('pagehide', () => peer.close())
  const messages = (window.messages = peer.createDataChannel('messages'))
  window.texts = []
  messages.onmessage = ({ data }) => {
    texts.push(data)
    if (JSON.parse(data).type === 'ping') messages.send('{"type":"pong"}')
  }
  peer.ontrack = ({ streams: [stream] }) => {
    const element = (window.element = new Audio())
    element.srcObject = stream
    element.muted = true
    element.play()
    const context = new AudioContext()
    window.analyser = context.createAnalyser()
    analyser.fftSize = 8192
    analyser.smoothingTimeConstant = 0
    context.createMediaStreamSource(stream).connect(analyser)
    window.hear = () => {
      const bins = new Float32Array(analyser.frequencyBinCount)
      analyser.getFloatFrequencyData(bins)
      const loudest = bins.indexOf(Math.max(...bins))
      return { hz: (loudest * context.sampleRate) / analyser.fftSize, db: bins[loudest] }
    }
  }
  await peer.setLocalDescription()
  const answer = await fetch('/offer', { method: 'POST', body: peer.localDescription.sdp })
  await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
}
</script>`

let browser: Browser
let context: BrowserContext
let server: Server
let transport: WebRtcTransport
let folder: string
const connections: { readonly channel: Channel; readonly story: string[] }[] = []

before(async () => {
  if (chromePath === undefined) return
  folder = mkdtempSync(join(tmpdir(), 'antiphon-browser-'))
  const microphone = tone({ hz: 700, rateHz: 48_000, samples: 48_000 * MICROPHONE_S })
  writeFileSync(
    join(folder, 'microphone.wav'),
    writeWav({ sampleRateHz: 48_000, samples: microphone }),
  )
  const made = await createWebRtcTransport({
    udpPort: await freeUdpPort(),
    clock: systemClock,
    log: silentLog,
  })
  assert.ok(made.ok, made.ok ? '' : made.error)
  transport = made.value
  server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.setHeader('Content-Type', 'text/html').end(PAGE)
      return
    }
    request.setEncoding('utf8')
    let offerSdp = ''
    request.on('data', (text: string) => {
      offerSdp += text
    })
    request.on('end', () => void answer(offerSdp).then((sdp) => response.end(sdp)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await launchChrome(chromePath, join(folder, 'microphone.wav'), [
    '--autoplay-policy=no-user-gesture-required',
  ])
  context = await browser.newContext({ permissions: ['microphone'] })
})

after(async () => {
  if (chromePath === undefined) return
  await browser.close()
  transport.close()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function answer(offerSdp: string): Promise<string> {
  const story: string[] = []
  const answered = await transport.answer({
    offerSdp,
    connectionId: `browser-${connections.length}`,
    userId: 'user',
    events: {
      onOpen: () => story.push('open'),
      onMessage: (text) => story.push(text),
      onClose: (reason) => story.push(`closed: ${reason}`),
    },
  })
  assert.ok(answered.ok, answered.ok ? '' : answered.error)
  connections.push({ channel: answered.value.channel, story })
  return answered.value.sdp
}

async function call(): Promise<{ page: Page; channel: Channel; story: string[] }> {
  const page = await context.newPage()
  const { port } = server.address() as AddressInfo
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.evaluate('call()')
  const connection = connections.at(-1)
  assert.ok(connection !== undefined)
  await until('open', () => connection.story.includes('open'))
  return { page, ...connection }
}

async function until(what: string, isTrue: () => boolean, limitMs = 5000): Promise<number> {
  const startMs = systemClock.nowMs()
  while (!isTrue()) {
    assert.ok(systemClock.nowMs() - startMs < limitMs, `not within ${limitMs} ms: ${what}`)
    await sleep(5)
  }
  return systemClock.nowMs() - startMs
}

test('a browser connects, is heard and hears, says and is told', { skip }, async (t) => {
  const { page, channel, story } = await call()
  const heard: Int16Array[] = []
  let missing = 0
  let hearing: Promise<unknown> | undefined
  const startMs = systemClock.nowMs()
  for (let tick = 0; tick < 200; tick += 1) {
    await sleep(Math.max(0, startMs + tick * 20 - systemClock.nowMs()))
    const frame = channel.readAudio(systemClock.nowMs())?.slice()
    if (tick >= 50 && frame === undefined) missing += 1
    if (tick >= 50 && frame !== undefined) heard.push(frame)
    if (tick === 180) hearing = page.evaluate('hear()')
    const startSample = tick * 480
    channel.writeAudio(
      tone({ hz: 1000, rateHz: 24_000, samples: 480, startSample }),
      systemClock.nowMs(),
    )
  }
  const hears = (await hearing) as { readonly hz: number; readonly db: number }
  const sound = Int16Array.from(heard.flatMap((frame) => [...frame]))
  const { amplitude } = measureTone(sound, { hz: 700, rateHz: 16_000 })
  t.diagnostic(`heard ${Math.round(amplitude)} at 700 Hz, ${missing} of 150 frames missing`)
  t.diagnostic(`the browser hears ${hears.hz} Hz at ${hears.db} dB`)
  assert.ok(missing <= 5, `${missing} frames are missing`)
  assert.ok(amplitude > 3000, String(amplitude))
  assert.ok(Math.abs(hears.hz - 1000) < 15 && hears.db > -30, JSON.stringify(hears))

  channel.sendMessage('{"type":1001,"data":{"state":1}}')
  await page.evaluate(`messages.send('{"type":1119}')`)
  await until('message', () => story.includes('{"type":1119}'))
  const texts = (await page.evaluate('texts')) as string[]
  assert.ok(texts.includes('{"type":1001,"data":{"state":1}}'))
  assert.ok(texts.includes('{"type":"ping"}'))
  assert.deepEqual(story, ['open', '{"type":1119}'])

  await page.close({ runBeforeUnload: false })
  const closedMs = await until('closed', () => story.includes('closed: hang-up'))
  t.diagnostic(`the closed page was noticed after ${Math.round(closedMs)} ms`)
})

test('a page that is reloaded has left at once', { skip }, async (t) => {
  const { page, story } = await call()
  await page.reload()
  const closedMs = await until('closed', () => story.includes('closed: hang-up'), 2000)
  t.diagnostic(`the reloaded page was noticed after ${Math.round(closedMs)} ms`)
  await page.close()
})
