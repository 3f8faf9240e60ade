/** Plays a WAV (16 kHz, mono, 16 bits) to an agent and writes what the agent says to another. */
import { readFileSync, writeFileSync } from 'node:fs'
import { call, endpoint, OWN_VERSION } from './client.ts'

const [question, answer = 'answer.wav'] = process.argv.slice(2)
if (question === undefined)
  throw new Error('Which WAV? 03-talk-over-websocket.ts question.wav answer.wav')
const HEADER_BYTES = 44
const wav = readFileSync(question)
const { Agents } = await call('ListAIAgents', {}, OWN_VERSION)
const made = await call('GenerateAIAgentCall', { AIAgentId: Agents[0].AIAgentId })
console.log(`call ${made.InstanceId}`)
const query = `token=${encodeURIComponent(made.Token)}&sampleRate=16000`
const socket = new WebSocket(`ws://${endpoint}/rtc/channels/${made.ChannelId}/socket?${query}`)
socket.binaryType = 'arraybuffer'
const heard: Buffer[] = []
let sentBytes = HEADER_BYTES
let isGreeted = false

socket.addEventListener('message', ({ data }) => {
  if (typeof data === 'string') return onMessage(JSON.parse(data))
  heard.push(Buffer.from(data))
  // The server sends a frame every 20 ms, silence too: that is the clock to send by.
  if (isGreeted) socket.send(wav.subarray(sentBytes, (sentBytes += 640)))
})

function onMessage({ type, data }: { type: number; data: Record<string, unknown> }): void {
  if (type === 1002 && data['text'] !== '') console.log(`agent: ${data['text']}`)
  if (type === 1003 && data['end'] === true) console.log(`you: ${data['text']}`)
  if (type !== 1002 || data['end'] !== true) return
  if (isGreeted) socket.send('{"type":1100}') // The question is answered: hang up.
  isGreeted = true
}

socket.addEventListener('close', () => {
  const header = Buffer.from(wav.subarray(0, HEADER_BYTES))
  header.writeUInt32LE(heard.length * 640, HEADER_BYTES - 4)
  writeFileSync(answer, Buffer.concat([header, ...heard]))
})
