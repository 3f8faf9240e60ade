import { createSocket } from 'node:dgram'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { Channel, ChannelEvents } from '../ports/channel.ts'
import { placeCandidates } from './answer.ts'
import { readOffer } from './offer.ts'
import { type NativeTransport, WebRtcChannel } from './webrtc-channel.ts'

export interface WebRtcTransportOptions {
  /** The one UDP port of all this process's calls. */
  readonly udpPort: number
  /** The address that clients reach us by, where it is not the machine's own. */
  readonly publicIp?: string | undefined
  readonly clock: Clock
  readonly log: Log
}

export interface AnswerOptions {
  readonly offerSdp: string
  readonly connectionId: string
  readonly userId: string
  readonly events: ChannelEvents
}

export interface WebRtcTransport {
  /** Answers an offer. The error is a sentence for the client's developer. */
  answer(
    options: AnswerOptions,
  ): Promise<Result<{ readonly sdp: string; readonly channel: Channel }, string>>
  /** Ends all channels. May be called twice. */
  close(): void
}

/**
 * Makes the WebRTC side of a media worker. It fails where the port is taken (the native library would
 * abort the process later) and where there is no native library for the machine. The library must not
 * be loaded in a worker thread.
 */
export async function createWebRtcTransport(
  options: WebRtcTransportOptions,
): Promise<Result<WebRtcTransport, string>> {
  const probed = await probePort(options.udpPort)
  if (!probed.ok) return probed
  const native = await loadNative()
  if (!native.ok) return native
  const held = holdPort(native.value, options.udpPort)
  if (!held.ok) return held
  const channels = new Set<Channel>()
  let isClosed = false
  return ok({
    async answer(answerOptions) {
      if (isClosed) return fail('The server is closing.')
      return answerOffer({ ...options, ...answerOptions, native: native.value, channels })
    },
    close() {
      if (isClosed) return
      isClosed = true
      for (const channel of channels) channel.close('ended')
      held.value.release()
    },
  })
}

/**
 * Keeps the port from now on. The library itself takes it with the first connection and lets it go with the last,
 * and aborts the process if another program has it by then. Released, it may stay taken until the process ends.
 */
function holdPort(
  native: Pick<NativeTransport, 'IceUdpMuxListener'>,
  port: number,
): Result<{ release(): void }, string> {
  if (port === 0) return ok({ release() {} })
  try {
    const listener = new native.IceUdpMuxListener(port)
    return ok({ release: () => listener.stop() })
  } catch {
    return fail(`UDP port ${port} is taken by another program`)
  }
}

async function answerOffer(
  options: WebRtcTransportOptions &
    AnswerOptions & { readonly native: NativeTransport; readonly channels: Set<Channel> },
): Promise<Result<{ readonly sdp: string; readonly channel: Channel }, string>> {
  const offer = readOffer(options.offerSdp)
  if (!offer.ok) return offer
  const { channels, udpPort, publicIp, log } = options
  let channel: WebRtcChannel
  try {
    const events: ChannelEvents = {
      onOpen: () => options.events.onOpen(),
      onMessage: (text) => options.events.onMessage(text),
      onClose(reason) {
        channels.delete(channel)
        options.events.onClose(reason)
      },
    }
    channel = new WebRtcChannel({ ...options, offer: offer.value, events })
  } catch (error) {
    log.error('webrtc connection refused', { reason: String(error) })
    return fail('The transport cannot take this offer.')
  }
  channels.add(channel)
  const answer = await channel.answer()
  if (answer.ok) return ok({ sdp: placeCandidates(answer.value, { publicIp, udpPort }), channel })
  channels.delete(channel)
  return answer
}

/** Whether a UDP port can be had, on all addresses of both kinds. */
export async function probePort(port: number): Promise<Result<void, string>> {
  for (const type of ['udp6', 'udp4'] as const) {
    const code = await bindOnce(port, type)
    if (code === 'EADDRINUSE') return fail(`UDP port ${port} is taken by another program`)
    if (code === 'EACCES') return fail(`UDP port ${port} may not be used by this user`)
    // Anything else is a machine without that kind of address.
  }
  return ok(undefined)
}

/** The error code of an attempt to bind, `undefined` if it went well. */
async function bindOnce(port: number, type: 'udp4' | 'udp6'): Promise<string | undefined> {
  const socket = createSocket({ type, ipv6Only: type === 'udp6' })
  const code = await new Promise<string | undefined>((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'UNKNOWN'))
    socket.bind({ port, exclusive: true }, () => resolve(undefined))
  })
  await new Promise<void>((resolve) => {
    try {
      socket.close(resolve)
    } catch {
      resolve()
    }
  })
  return code
}

/** The library's own log stays off: its callback would keep the process alive for ever. */
async function loadNative(): Promise<Result<NativeTransport, string>> {
  try {
    return ok(await import('node-datachannel'))
  } catch (error) {
    return fail(`WebRTC is not available on this machine: ${String(error)}`)
  }
}
