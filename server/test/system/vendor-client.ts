import { createRequire } from 'node:module'
import type { Antiphon } from './antiphon-process.ts'

const require = createRequire(import.meta.url)

type Answer = Record<string, unknown>

/** What a failed call of the generic client throws. */
export interface VendorError extends Error {
  readonly code: string
  readonly statusCode?: number
  readonly data?: Answer
}

/** The vendor's own npm clients, pointed at a server of ours. */
export interface VendorClients {
  /** `@alicloud/openapi-client`; version 2020-11-09 unless it is one of our own operations. */
  call(action: string, query: Record<string, unknown>, version?: string): Promise<Answer>
  /** `@alicloud/pop-core`, with the old signature. */
  callOld(action: string, query: Record<string, unknown>, version?: string): Promise<Answer>
}

export const OWN_VERSION = '2026-11-01'

export function vendorClients(
  server: Pick<Antiphon, 'host' | 'origin' | 'accessKeyId' | 'accessKeySecret'>,
): VendorClients {
  const { accessKeyId, accessKeySecret } = server
  const openApi = require('@alicloud/openapi-client')
  const util = require('@alicloud/tea-util')
  const PopCore = require('@alicloud/pop-core')
  const protocol = server.origin.startsWith('https:') ? 'HTTPS' : 'HTTP'
  const generic = new openApi.default(
    new openApi.Config({ accessKeyId, accessKeySecret, endpoint: server.host, protocol }),
  )
  const popFor = (apiVersion: string): { request(...args: unknown[]): Promise<Answer> } =>
    new PopCore({ accessKeyId, accessKeySecret, endpoint: server.origin, apiVersion })
  return {
    async call(action, query, version = '2020-11-09') {
      const params = new openApi.Params({
        action,
        version,
        protocol,
        pathname: '/',
        method: 'POST',
        authType: 'AK',
        style: 'RPC',
        reqBodyType: 'json',
        bodyType: 'json',
      })
      const texts = Object.fromEntries(
        Object.entries(query).map(([name, value]) => [
          name,
          typeof value === 'object' ? JSON.stringify(value) : value,
        ]),
      )
      const request = new openApi.OpenApiRequest({ query: texts })
      const runtime = new util.RuntimeOptions({ readTimeout: 15_000, connectTimeout: 5000 })
      const answer = await generic.callApi(params, request, runtime)
      return answer.body as Answer
    },
    callOld: (action, query, version = '2020-11-09') =>
      popFor(version).request(action, query, { method: 'POST', timeout: 15_000 }),
  }
}
