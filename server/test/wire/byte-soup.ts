/** Nonsense for a port, the same for the same seed: random bytes, and good requests that were spoilt. */
import { simulatedIds } from '../../src/base/simulated-ids.ts'

/** A source of whole numbers from 0 up to but without `limit`. */
export type Dice = (limit: number) => number

export function diceOf(seed: number): Dice {
  const { chance } = simulatedIds(seed)
  return (limit) => Math.floor(chance() * limit)
}

const pick = <Item>(dice: Dice, items: readonly Item[]): Item => items[dice(items.length)] as Item

const SIGNED = [
  'POST /?AIAgentId=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&PageSize=10 HTTP/1.1',
  'Host: 127.0.0.1:8090',
  'x-acs-action: ListAIAgentInstance',
  'x-acs-version: 2020-11-09',
  'x-acs-date: 2026-03-01T12:00:05Z',
  'x-acs-signature-nonce: 0123456789abcdef',
  'x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'Authorization: ACS3-HMAC-SHA256 Credential=key,SignedHeaders=host;x-acs-action,Signature=00',
  'Content-Length: 0',
]
const FORM = [
  'POST / HTTP/1.1',
  'Host: 127.0.0.1:8090',
  'Cookie: session=1',
  'X-Antiphon-Console: 1',
  'Content-Type: application/x-www-form-urlencoded',
]
const consoleForm = (body: string): string =>
  [...FORM, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
const withEnd = (lines: readonly string[]): string => [...lines, '', ''].join('\r\n')

/** Good requests of every kind that the port knows. */
const GOOD: readonly string[] = [
  withEnd(SIGNED),
  withEnd(['GET /?Action=GetCallerIdentity&Version=2015-04-01&Format=XML HTTP/1.1', 'Host: a']),
  consoleForm(
    'Action=CreateAIAgent&Version=2026-11-01&Name=soup&AgentConfig=%7B%22Greeting%22%3A1%7D',
  ),
  consoleForm('Action=ListAIAgents&Version=2026-11-01&PageSize=3&PageNumber=1&Format=XML'),
  consoleForm(
    'Action=StartAIAgentInstance&Version=2020-11-09&AIAgentId=a&RuntimeConfig=%7B%22__proto__%22%3A%7B%7D%7D',
  ),
  consoleForm('Action=ListAIAgentDialogues&Version=2020-11-09&SessionId=s&StartTime=0&EndTime=9'),
  `${[...FORM, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n1c\r\nAction=ListAIAgents&Version=2\r\n8\r\n026-11-0\r\n1\r\n1\r\n0\r\n\r\n`,
  withEnd(['GET / HTTP/1.1', 'Host: a', 'Accept: text/html']),
  withEnd(['HEAD /?token=abc HTTP/1.1', 'Host: a', 'Accept: text/html']),
  withEnd(['GET /healthz HTTP/1.1', 'Host: a']),
  withEnd(['GET /readyz HTTP/1.0']),
  withEnd(['GET /logs/0123.json?expires=1&signature=x HTTP/1.1', 'Host: a']),
  withEnd(['GET /assets/..%2f..%2fetc/passwd HTTP/1.1', 'Host: a', 'Accept-Encoding: gzip']),
  withEnd(['OPTIONS /rtc/channels/c HTTP/1.1', 'Host: a', 'Origin: https://b']),
  'POST /rtc/channels/c HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer e30=\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n',
  withEnd([
    'GET /rtc/channels/c/socket?token=e30= HTTP/1.1',
    'Host: a',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]),
  withEnd(['CONNECT example.org:443 HTTP/1.1', 'Host: example.org']),
  withEnd(['OPTIONS * HTTP/1.1', 'Host: a', 'Expect: 100-continue']),
]

/** What is apt to hurt a parser. */
const SPICES: readonly string[] = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '\xff\xfe',
  '\xc3\x28',
  '%',
  '%zz',
  '%00',
  '%c0%ae',
  '%ff',
  '&__proto__=1&constructor=2&toString=3',
  '&AgentConfig.__proto__.a=1',
  '&Action=ListAIAgents&Action=StopAIAgentInstance',
  '&Format=xml',
  '&Format=yaml',
  '{"__proto__":{"polluted":true}}',
  '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: 99999999999999999999\r\n',
  'Content-Length: -1\r\n',
  'Host: b\r\n',
  'X-Forwarded-For: 127.0.0.1\r\n',
  'Connection: close\r\n',
  'Expect: 200-maybe\r\n',
  'Upgrade: h2c\r\n',
  'ffffffffffffffff\r\n',
  '0\r\n\r\n',
  'HTTP/9.9',
  ' '.repeat(300),
  'a'.repeat(5000),
  `X-Long: ${'b'.repeat(70_000)}\r\n`,
  'GET / HTTP/1.1\r\n\r\n',
]

/** What is sent in case number `index`; Latin-1, one character a byte. */
export function soup(seed: number): string {
  const dice = diceOf(seed)
  switch (dice(10)) {
    case 0:
      return randomBytes(dice, 1 + dice(600))
    case 1:
      return spoil(dice, spoil(dice, '') + randomBytes(dice, dice(40)), 4)
    case 2:
      return pick(dice, GOOD) + spoil(dice, pick(dice, GOOD))
    case 3:
      return pick(dice, GOOD).slice(0, dice(400))
    default:
      return spoil(dice, pick(dice, GOOD), 1 + dice(5))
  }
}

function randomBytes(dice: Dice, length: number): string {
  const isText = dice(2) === 0
  const byte = (): number => (isText ? 32 + dice(95) : dice(256))
  return String.fromCharCode(...Array.from({ length }, byte))
}

/** Changes a request in so many places. */
function spoil(dice: Dice, request: string, changes = 1): string {
  let text = request
  for (let change = 0; change < changes; change += 1) {
    const at = dice(text.length + 1)
    const until = Math.min(text.length, at + dice(30))
    const [before, cut, after] = [text.slice(0, at), text.slice(at, until), text.slice(until)]
    switch (dice(5)) {
      case 0:
        text = before + after
        break
      case 1:
        text = before + cut + cut + after
        break
      case 2:
        text = before + randomBytes(dice, cut.length) + after
        break
      default:
        text = before + pick(dice, SPICES) + cut + after
    }
  }
  return text
}
