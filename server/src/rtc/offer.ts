import { fail, ok, type Result } from '../base/result.ts'

/** What our answer needs to know of a client's SDP offer. */
export interface Offer {
  readonly audioMid: string
  readonly opusPayloadType: number
  /** Seen from the client. */
  readonly audioDirection: 'sendrecv' | 'sendonly' | 'recvonly'
  /** The offer as the transport shall see it: without candidates, other media switched off. */
  readonly sdp: string
}

export const OFFER_LIMIT_BYTES = 64 * 1024
const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)$/
/** Lines that the transport is not to see: we learn where the client is from its own packets, and no
 * client decides to whom we send. */
const CANDIDATE = /^a=(candidate:|end-of-candidates|remote-candidates:)/

/**
 * Checks an offer for all that the native transport would choke on, and takes from it what the answer
 * needs. The error is a sentence for the client's developer.
 */
export function readOffer(text: string): Result<Offer, string> {
  if (text.length > OFFER_LIMIT_BYTES) return fail(`The offer exceeds ${OFFER_LIMIT_BYTES} bytes.`)
  if (text.includes('\0')) return fail('The offer holds a zero byte.')
  const lines = text.split(/\r?\n/).filter((line) => line !== '')
  if (lines[0] !== 'v=0') return fail('The offer is not SDP: its first line must be "v=0".')
  const sections = split(lines)
  const session = sections[0] ?? []
  const media = sections.slice(1)
  const audio = media.find((section) => section[0]?.startsWith('m=audio ') && hasOpus(section))
  if (audio === undefined)
    return fail('The offer has no audio section (m=audio) with opus/48000/2.')
  const data = media.find((section) => section[0]?.includes('webrtc-datachannel'))
  if (data === undefined)
    return fail('The offer has no data channel: create "messages" before the offer.')
  const wrong = checkTransport([...session, ...audio])
  if (wrong !== undefined) return fail(wrong)
  const audioMid = attribute(audio, 'mid')
  const dataMid = attribute(data, 'mid')
  if (audioMid === undefined || dataMid === undefined) return fail('A section has no a=mid.')
  const bundle = attribute(session, 'group:BUNDLE', ' ')?.split(' ') ?? []
  if (!bundle.includes(audioMid) || !bundle.includes(dataMid))
    return fail('Audio and data channel must be in one a=group:BUNDLE.')
  const audioDirection = directionOf(audio) ?? directionOf(session) ?? 'sendrecv'
  if (audioDirection === 'inactive') return fail('The audio section is inactive.')
  const kept = sections.flatMap((section) =>
    section === session || section === audio || section === data ? section : switchedOff(section),
  )
  const sdp = `${kept.filter((line) => !CANDIDATE.test(line)).join('\r\n')}\r\n`
  return ok({ audioMid, audioDirection, sdp, opusPayloadType: opusType(audio) ?? 0 })
}

/** The session's lines, then those of each m= section. */
function split(lines: readonly string[]): string[][] {
  const sections: string[][] = [[]]
  for (const line of lines) {
    if (line.startsWith('m=')) sections.push([])
    sections.at(-1)?.push(line)
  }
  return sections
}

function checkTransport(lines: readonly string[]): string | undefined {
  const user = attribute(lines, 'ice-ufrag')
  const password = attribute(lines, 'ice-pwd')
  if (user === undefined || !/^[\w+/=-]{4,256}$/.test(user))
    return 'The offer has no valid a=ice-ufrag.'
  if (password === undefined || !/^[\w+/=-]{22,256}$/.test(password))
    return 'The offer has no valid a=ice-pwd.'
  const fingerprint = attribute(lines, 'fingerprint') ?? ''
  if (!/^sha-256 ([0-9a-f]{2}:){31}[0-9a-f]{2}$/i.test(fingerprint))
    return 'The offer has no valid a=fingerprint with sha-256.'
  const setup = attribute(lines, 'setup')
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive')
    return 'The offer has no valid a=setup.'
  return undefined
}

function attribute(lines: readonly string[], name: string, separator = ':'): string | undefined {
  const start = `a=${name}${separator}`
  return lines
    .find((line) => line.startsWith(start))
    ?.slice(start.length)
    .trim()
}

function opusType(section: readonly string[]): number | undefined {
  const offered = section[0]?.split(' ').slice(3) ?? []
  for (const line of section) {
    const [, type = ''] = /^a=rtpmap:(\d{1,3}) opus\/48000\/2$/i.exec(line) ?? []
    if (type !== '' && offered.includes(type) && Number(type) <= 127) return Number(type)
  }
  return undefined
}

function hasOpus(section: readonly string[]): boolean {
  return opusType(section) !== undefined
}

function directionOf(lines: readonly string[]): Offer['audioDirection'] | 'inactive' | undefined {
  const direction = lines.find((line) => DIRECTION.test(line))?.slice(2)
  return direction as Offer['audioDirection'] | 'inactive' | undefined
}

function switchedOff(section: readonly string[]): string[] {
  return [...section.filter((line) => !DIRECTION.test(line)), 'a=inactive']
}
