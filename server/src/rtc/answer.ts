import { isIPv6 } from 'node:net'

/**
 * Rewrites the answer of a server that stands behind NAT or in a container: its candidates name
 * `publicIp` and not the machine's own addresses. Without `publicIp` they stay, and a machine with no
 * network at all offers itself on its loopback address.
 */
export function placeCandidates(
  sdp: string,
  place: { readonly publicIp: string | undefined; readonly udpPort: number },
): string {
  const lines = sdp.split(/\r?\n/)
  const hosts = lines.filter((line) => line.startsWith('a=candidate:') && / typ host\b/.test(line))
  const ip = place.publicIp ?? (hosts.length === 0 ? '127.0.0.1' : undefined)
  if (ip === undefined) return sdp
  const isSix = isIPv6(ip)
  const candidate = `a=candidate:1 1 UDP 2122260223 ${ip} ${place.udpPort} typ host`
  let isPlaced = false
  const placed: string[] = []
  for (const line of lines) {
    if (line.startsWith('a=candidate:') || line === 'a=end-of-candidates') continue
    placed.push(line.startsWith('c=IN ') ? `c=IN ${isSix ? 'IP6' : 'IP4'} ${ip}` : line)
    if (isPlaced || !line.startsWith('a=ice-pwd:')) continue
    placed.push(candidate, 'a=end-of-candidates')
    isPlaced = true
  }
  return placed.join('\r\n')
}
