import { readFileSync } from 'node:fs'
import type { AccessKey, Principal } from '../../src/api/caller.ts'
import type { WireRequest } from './http-port.ts'

export interface Vector {
  readonly id: string
  readonly description: string
  readonly request: WireRequest
  readonly clock?: string
  readonly history?: readonly string[]
  readonly requires?: readonly string[]
  readonly expect: {
    readonly verdict: 'accept' | 'reject' | 'any'
    readonly style?: 'V3' | 'V1'
    readonly code?: string
    readonly httpStatus?: number
    readonly message?: string
    readonly action?: string
    readonly version?: string
    readonly principal?: Principal
    readonly params?: Readonly<Record<string, string>>
    readonly canonicalRequest?: string
    readonly stringToSign?: string
    readonly signature?: string
    readonly server?: { readonly canonicalRequest?: string; readonly stringToSign?: string }
    readonly referenceAnswer?: string
  }
}

interface KeyEntry extends Omit<AccessKey, 'secret'> {
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

export interface KnownAnswer {
  readonly id: string
  readonly style: 'V3' | 'V1'
  readonly accessKeySecret: string
  readonly method?: string
  readonly params?: Readonly<Record<string, string>>
  readonly request?: WireRequest
  readonly signedHeaders?: readonly string[]
  readonly hashedCanonicalRequest?: string
  readonly stringToSign: string
  readonly signature: string
}

interface VectorFile {
  readonly clock: string
  readonly keys: readonly KeyEntry[]
  readonly knownAnswers: readonly KnownAnswer[]
  readonly vectors: readonly Vector[]
}

export const FILE = JSON.parse(
  readFileSync(new URL('../data/wire-vectors.json', import.meta.url), 'utf8'),
) as VectorFile

export function findKey(accessKeyId: string): AccessKey | undefined {
  const entry = FILE.keys.find((key) => key.accessKeyId === accessKeyId)
  return entry === undefined ? undefined : { ...entry, secret: entry.accessKeySecret }
}

export const findToken = (token: string): string | undefined =>
  FILE.keys.find((key) => key.securityToken === token)?.accessKeyId

export function vectorOf(id: string): Vector {
  const vector = FILE.vectors.find((candidate) => candidate.id === id)
  if (vector === undefined) throw new Error(`no vector ${id}`)
  return vector
}
