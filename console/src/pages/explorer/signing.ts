/** ACS3-HMAC-SHA256 in the browser, so that a request can be shown as it goes out. */

export interface Key {
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const encoder = new TextEncoder()

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

const sha256 = async (text: string): Promise<string> =>
  hex(await crypto.subtle.digest('SHA-256', encoder.encode(text)))

const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )

async function hmac(secret: string, text: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, [
    'sign',
  ])
  return hex(await crypto.subtle.sign('HMAC', key, encoder.encode(text)))
}

/** `nonce` is new for every request; `nowMs` since 1970. */
export async function signRequest(
  call: {
    readonly action: string
    readonly version: string
    readonly endpoint: string
    readonly parameters: Readonly<Record<string, string>>
  },
  key: Key,
  { nowMs, nonce }: { readonly nowMs: number; readonly nonce: string },
): Promise<SignedRequest> {
  const body = Object.entries(call.parameters)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
  const bodyHash = await sha256(body)
  const signed: Readonly<Record<string, string>> = {
    host: call.endpoint,
    'x-acs-action': call.action,
    'x-acs-content-sha256': bodyHash,
    'x-acs-date': new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': nonce,
    'x-acs-version': call.version,
  }
  const names = Object.keys(signed).join(';')
  const canonical = [
    'POST',
    '/',
    '',
    ...Object.entries(signed).map(([name, value]) => `${name}:${value}`),
    '',
    names,
    bodyHash,
  ].join('\n')
  const signature = await hmac(key.accessKeySecret, `ACS3-HMAC-SHA256\n${await sha256(canonical)}`)
  const { host: _, ...headers } = signed
  return {
    headers: {
      ...headers,
      authorization:
        `ACS3-HMAC-SHA256 Credential=${key.accessKeyId},` +
        `SignedHeaders=${names},Signature=${signature}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body,
  }
}
