/**
 * What the list is measured against: a bare `node:http` handler that checks the same signature and sends the same bytes
 * from memory. Started by `list.ts` as a process of its own; it says its port.
 */
import { timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodePairs } from '../src/api/percent-encoding.ts'
import {
  canonicalRequestV3,
  parseAuthorization,
  sha256Hex,
  signV3,
  stringToSignV3,
} from '../src/api/signature-v3.ts'

const [answerFile = '', secret = ''] = process.argv.slice(2)
const { headers, body: text } = JSON.parse(readFileSync(answerFile, 'utf8')) as {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
const body = Buffer.from(text, 'base64')

function isSigned(request: IncomingMessage, content: Buffer): boolean {
  const authorization = parseAuthorization(request.headers.authorization ?? '')
  const target = request.url ?? ''
  const query = decodePairs(target.slice(target.indexOf('?') + 1))
  if (authorization === undefined || !query.ok) return false
  const canonical = canonicalRequestV3({
    method: request.method ?? '',
    query: query.value,
    headerValues: (name) => [String(request.headers[name] ?? '')],
    signedHeaders: authorization.signedHeaders,
    bodyHash: sha256Hex(content),
  })
  const right = Buffer.from(signV3(secret, stringToSignV3(canonical)))
  const given = Buffer.from(authorization.signature)
  return right.length === given.length && timingSafeEqual(right, given)
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const isRight = isSigned(request, Buffer.concat(chunks))
    response.writeHead(isRight ? 200 : 400, headers)
    response.end(body)
  })
})
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port)
})
process.on('disconnect', () => process.exit(0))
