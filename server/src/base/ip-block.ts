/** A run of addresses: a network and how many of its leading bits count. */
export interface IpBlock {
  readonly version: 4 | 6
  readonly network: bigint
  readonly prefixBits: number
}

const WIDTH_BITS = { 4: 32, 6: 128 } as const
/** `::ffff:203.0.113.7` is how a socket of both versions names an address of version 4. */
const MAPPED_PREFIX = 0xffffn

/** Reads `203.0.113.7`, `203.0.113.0/24`, `2001:db8::1` or `2001:db8::/32`. */
export function parseIpBlock(text: string): IpBlock | undefined {
  const [address = '', bits, ...rest] = text.trim().split('/')
  const parsed = parseAddress(address)
  if (parsed === undefined || rest.length > 0) return undefined
  const width = WIDTH_BITS[parsed.version]
  if (bits === undefined) return { ...parsed, prefixBits: width }
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > width) return undefined
  return { ...parsed, prefixBits: Number(bits) }
}

/** Whether every address of `inner` is one of `outer`. */
export function containsIp(outer: IpBlock, inner: IpBlock): boolean {
  if (outer.version !== inner.version || inner.prefixBits < outer.prefixBits) return false
  const shift = BigInt(WIDTH_BITS[outer.version] - outer.prefixBits)
  return outer.network >> shift === inner.network >> shift
}

type Address = Pick<IpBlock, 'version' | 'network'>

function parseAddress(text: string): Address | undefined {
  const v4 = parseV4(text)
  if (v4 !== undefined) return { version: 4, network: v4 }
  // A zone (`fe80::1%eth0`) names an interface of this machine, not another address.
  const v6 = parseV6(text.split('%', 1)[0] ?? '')
  if (v6 === undefined) return undefined
  if (v6 >> 32n === MAPPED_PREFIX) return { version: 4, network: v6 & 0xffffffffn }
  return { version: 6, network: v6 }
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0n
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    value = (value << 8n) | BigInt(part)
  }
  return value
}

function parseV6(text: string): bigint | undefined {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const v4 = tail === null ? undefined : parseV4(tail[2] ?? '')
  if (tail !== null && v4 === undefined) return undefined
  const whole =
    v4 === undefined
      ? text
      : `${tail?.[1] ?? ''}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`
  const halves = whole.split('::')
  if (halves.length > 2) return undefined
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const absent = 8 - head.length - rest.length
  if (halves.length === 2 ? absent < 1 : absent !== 0) return undefined
  const groups = [...head, ...Array.from({ length: absent }, () => '0'), ...rest]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}
