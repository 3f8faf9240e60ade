import { readFileSync } from 'node:fs'
import { ApiCaller } from './api-caller.ts'
import { until } from './antiphon-process.ts'
const [origin = '', folder = '', mode = ''] = process.argv.slice(2)
const key = JSON.parse(readFileSync(folder + '/access-key.json', 'utf8'))
await until(async () => (await fetch(origin + '/readyz')).status === 200)
const api = new ApiCaller({ origin, host: new URL(origin).host, ...key })
const id = await api.makeAgent({ GracefulShutdown: mode === 'graceful' }, { asr: { provider: 'scripted' }, llm: { provider: 'scripted', replies: ['And so on and on. '.repeat(40)] }, tts: { provider: 'scripted' }, vad: { provider: 'energy' } })
const { caller } = await api.startCall(id)
caller.send(1111, { text: 'hello', enableInterrupt: true })
await until(() => caller.of(1001).at(-1)?.data['state'] === 3)
console.log('talking')
await until(() => !caller.isOpen, 15000)
console.log('closed', caller.closeCode, JSON.stringify(caller.of(1010).map((m) => m.data)))
process.exit(0)
