import { SimulatedClock } from '../../src/base/simulated-clock.ts'
import { simulatedIds } from '../../src/base/simulated-ids.ts'
import type { Fault } from '../../src/ports/provider-faults.contract.ts'
import { ownStt } from '../../src/providers/self-developed/stt.ts'
import { socketServer } from './local-server.ts'

const TEXT = 'Turn on the lights.'
const SILENCE_MESSAGES = 10

/** The documented interface for recognisers of one's own, or failing. */
export async function serveStt(given?: Fault) {
  let fault = given
  const connections: { readonly url: string; readonly lengths: number[] }[] = []
  const url = await socketServer(
    () => fault,
    (socket, request) => {
      const connection = { url: request.url ?? '', lengths: [] as number[] }
      connections.push(connection)
      let loud = 0
      let quiet = 0
      const say = (message: object): void => socket.send(JSON.stringify(message))
      socket.on('message', (data: Buffer) => {
        connection.lengths.push(data.length)
        if (fault === 'slow first byte') return
        const isLoud = new Int16Array(new Uint8Array(data).buffer).some(
          (one) => Math.abs(one) > 200,
        )
        loud += isLoud ? 1 : 0
        quiet = isLoud ? 0 : quiet + 1
        if (loud === 0) return
        if (fault === 'closed socket') return socket.terminate()
        if (fault === 'malformed chunk') return socket.send('{"type":"part')
        if (fault === '10 MB of reply') return socket.send('x'.repeat(10_000_000))
        if (isLoud && loud % 10 === 1) say({ type: 'partial', text: 'Turn on the lights' })
        if (fault === 'stall in the middle' || quiet !== SILENCE_MESSAGES) return
        say({ type: 'final', text: TEXT })
        loud = 0
      })
    },
  )
  const clock = new SimulatedClock()
  const provider = ownStt({
    clock,
    ids: simulatedIds(),
    url: `${url}/listen?mine=1`,
    apiKey: 'key-secret',
  })
  let refusals = 0
  const asked = (): number =>
    // A refused handshake never becomes a connection.
    fault === '429' || fault === '500' ? (refusals += 1) : connections.length
  const behave = (): void => void (fault = undefined)
  return { provider, clock, asked, behave, release() {}, connections, url: `${url}/listen?mine=1` }
}
