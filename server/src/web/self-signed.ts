import { generateKeyPairSync, sign } from 'node:crypto'

/** A throwaway certificate for `localhost` and its key, as PEM texts, for tests. */
export function selfSigned(): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const ecdsaWithSha256 = der(0x30, hex('06082a8648ce3d040302'))
  const commonName = der(0x30, hex('0603550403'), der(0x0c, utf8('localhost')))
  const name = der(0x30, der(0x31, commonName))
  const time = (text: string): Buffer => der(0x17, utf8(text))
  const content = der(
    0x30,
    hex('a003020102'), // X.509 version 3
    hex('020101'), // serial number
    ecdsaWithSha256,
    name,
    der(0x30, time('200101000000Z'), time('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = der(0x03, hex('00'), sign('sha256', content, privateKey))
  const certificate = der(0x30, content, ecdsaWithSha256, signature).toString('base64')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8')
const hex = (text: string): Buffer => Buffer.from(text, 'hex')

/** One ASN.1 value: tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content])
}
