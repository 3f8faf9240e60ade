import { containsIp, parseIpBlock, type IpBlock } from './ip-block.ts'
import { fail, ok, type Result } from './result.ts'

/**
 * Where this server may connect to on somebody else's word (a callback, a tool, a sound to fetch): public
 * addresses always; private, loopback and other special ones as the operator allows.
 */
export interface OutboundRules {
  /** `true`: all of them. */
  readonly allowsPrivate: boolean
  /** Names (lower case) that may have such addresses. */
  readonly hosts: ReadonlySet<string>
  /** Addresses that may be connected to by whatever name. */
  readonly blocks: readonly IpBlock[]
}

/** Public addresses only. */
export const PUBLIC_ONLY: OutboundRules = { allowsPrivate: false, hosts: new Set(), blocks: [] }

/**
 * Everything that IANA's special-purpose registries do not call globally reachable, multicast, and the
 * forms of version 6 that lead to an address of version 4 inside them.
 */
const SPECIAL: readonly IpBlock[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
].flatMap((text) => parseIpBlock(text) ?? [])

/**
 * Reads the setting: `on` (any address), `off` or nothing (public ones), or a list, separated by commas, of
 * host names, addresses and networks that are allowed although they are not public. The error says what is wrong.
 */
export function parseOutboundRules(setting: string): Result<OutboundRules, string> {
  const given = setting.trim().toLowerCase()
  if (given === '' || given === 'off') return ok(PUBLIC_ONLY)
  if (given === 'on') return ok({ ...PUBLIC_ONLY, allowsPrivate: true })
  const hosts = new Set<string>()
  const blocks: IpBlock[] = []
  for (const entry of given.split(',').map((part) => part.trim().replace(/^\[(.*)\]$/, '$1'))) {
    const block = parseIpBlock(entry)
    if (block !== undefined) blocks.push(block)
    else if (/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(entry) && !/^[\d.]+$/.test(entry)) {
      hosts.add(entry)
    } else return fail(`${JSON.stringify(entry)} is no host name, address or network`)
  }
  return ok({ allowsPrivate: false, hosts, blocks })
}

/** Whether `address` may be connected to, which `host` has resolved to (or which stands in its place). */
export function mayConnect(rules: OutboundRules, host: string, address: string): boolean {
  const target = parseIpBlock(address)
  // A whole network is not an address.
  if (target === undefined || address.includes('/')) return false
  if (rules.allowsPrivate || !SPECIAL.some((block) => containsIp(block, target))) return true
  const name = host.toLowerCase().replace(/\.$/, '')
  return rules.hosts.has(name) || rules.blocks.some((block) => containsIp(block, target))
}
