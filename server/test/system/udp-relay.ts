import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** Stands between WebRTC clients and a server on this machine; what it drops is lost as on a network. */
export interface UdpRelay {
  /** Where clients send to instead of the server's port. */
  readonly port: number
  /** Drops everything, both ways, or lets it through again. */
  setCut(isCut: boolean): void
  close(): void
}

export async function openUdpRelay(serverPort: number): Promise<UdpRelay> {
  const front = createSocket('udp4')
  const backs = new Map<string, Socket>()
  let isCut = false
  /** Each client has a socket of its own towards the server, so that the answers find back. */
  const backOf = (address: string, port: number): Socket => {
    const name = `${address}:${port}`
    const known = backs.get(name)
    if (known !== undefined) return known
    const back = createSocket('udp4')
    backs.set(name, back)
    back.on('message', (datagram) => {
      if (!isCut) front.send(datagram, port, address)
    })
    return back
  }
  front.on('message', (datagram, { address, port }) => {
    if (!isCut) backOf(address, port).send(datagram, serverPort, '127.0.0.1')
  })
  front.bind(0)
  await once(front, 'listening')
  return {
    port: (front.address() as AddressInfo).port,
    setCut: (next) => {
      isCut = next
    },
    close: () => {
      for (const socket of [front, ...backs.values()]) socket.close()
    },
  }
}
