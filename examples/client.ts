/** What the numbered examples share: the vendor's own client, pointed at antiphon. */
import OpenApi from '@alicloud/openapi-client'
import Util from '@alicloud/tea-util'

/** Host and port, without a scheme. */
export const endpoint = process.env['ANTIPHON_ENDPOINT'] ?? '127.0.0.1:8090'
/** Of the operations that the vendor has not: those that make agents. */
export const OWN_VERSION = '2026-11-01'

const client = new OpenApi.default(
  new OpenApi.Config({
    accessKeyId: process.env['ALIBABA_CLOUD_ACCESS_KEY_ID'],
    accessKeySecret: process.env['ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
    endpoint,
  }),
)

/** Calls an operation; structures go as JSON text. */
export async function call(action: string, parameters: object = {}, version = '2020-11-09') {
  const query = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  )
  const rpc = { pathname: '/', method: 'POST', authType: 'AK', style: 'RPC', reqBodyType: 'json' }
  const answer = await client.callApi(
    new OpenApi.Params({ action, version, protocol: 'HTTP', bodyType: 'json', ...rpc }),
    new OpenApi.OpenApiRequest({ query }),
    new Util.RuntimeOptions({}),
  )
  return answer['body']
}
