import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeCandidates } from './answer.ts'
import { readOffer } from './offer.ts'

const FINGERPRINT = Array.from({ length: 32 }, () => 'AB').join(':')

/** What a browser offers: several codecs, its addresses hidden behind mDNS names, a video line. */
const browserOffer = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1 2',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0',
  'c=IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2113937151 2c1f0e6b-1111-4222-8333-444455556666.local 53421 typ host',
  'a=ice-ufrag:Abc+',
  'a=ice-pwd:0123456789012345678901+/',
  `a=fingerprint:sha-256 ${FINGERPRINT}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'c=IN IP4 0.0.0.0',
  'a=mid:1',
  'a=sendrecv',
  'a=rtpmap:96 VP8/90000',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=mid:2',
  'a=sctp-port:5000',
  '',
].join('\r\n')

test("a browser's offer is understood; video is switched off and no address is taken from it", () => {
  const offer = readOffer(browserOffer)
  assert.ok(offer.ok, offer.ok ? '' : offer.error)
  assert.equal(offer.value.audioMid, '0')
  assert.equal(offer.value.opusPayloadType, 111)
  assert.equal(offer.value.audioDirection, 'sendrecv')
  assert.ok(!offer.value.sdp.includes('candidate'))
  const video = offer.value.sdp.slice(offer.value.sdp.indexOf('m=video'))
  assert.match(video, /^m=video[^]*?a=inactive\r\nm=application/)
  assert.equal(offer.value.sdp.match(/a=sendrecv/g)?.length, 1)
})

test('each thing that is missing is named', () => {
  const without: [RegExp | string, RegExp][] = [
    ['v=0\r\n', /v=0/],
    ['a=rtpmap:111 opus/48000/2\r\n', /opus/],
    [/m=application[^]*/, /data channel/],
    [/a=ice-ufrag.*\r\n/, /ice-ufrag/],
    [/a=ice-pwd.*\r\n/, /ice-pwd/],
    [/a=fingerprint.*\r\n/, /fingerprint/],
    [/a=setup.*\r\n/, /setup/],
    [/a=group.*\r\n/, /BUNDLE/],
    ['a=mid:0\r\n', /mid/],
  ]
  for (const [part, error] of without) {
    const offer = readOffer(browserOffer.replace(part, ''))
    assert.ok(!offer.ok)
    assert.match(offer.error, error)
  }
  assert.ok(!readOffer(`${browserOffer}${'a=x\r\n'.repeat(20_000)}`).ok)
  assert.ok(!readOffer(browserOffer.replace('a=setup:actpass', 'a=setup:holdconn')).ok)
})

const answer = [
  'v=0',
  'm=audio 8091 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 192.0.2.2',
  'a=ice-pwd:x',
  'a=candidate:2 1 UDP 2116026111 fd00::2 8091 typ host',
  'a=candidate:1 1 UDP 2114977791 192.0.2.2 8091 typ host',
  'a=end-of-candidates',
  'm=application 8091 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 192.0.2.2',
  'a=ice-pwd:x',
  '',
].join('\r\n')

test('behind NAT the answer names the public address alone', () => {
  const placed = placeCandidates(answer, { publicIp: '203.0.113.9', udpPort: 8091 })
  const candidates = placed.split('\r\n').filter((line) => line.startsWith('a=candidate'))
  assert.deepEqual(candidates, ['a=candidate:1 1 UDP 2122260223 203.0.113.9 8091 typ host'])
  assert.ok(!placed.includes('192.0.2.2') && !placed.includes('fd00'))
  assert.ok(
    placeCandidates(answer, { publicIp: '2001:db8::1', udpPort: 1 }).includes(
      'c=IN IP6 2001:db8::1',
    ),
  )
})

test('otherwise it names the addresses of the machine, or loopback if there are none', () => {
  assert.equal(placeCandidates(answer, { publicIp: undefined, udpPort: 8091 }), answer)
  const lonely = answer.replace(/a=candidate.*\r\n/g, '')
  const placed = placeCandidates(lonely, { publicIp: undefined, udpPort: 8091 })
  assert.equal(placed.match(/a=candidate:.* 127\.0\.0\.1 8091 typ host/g)?.length, 1)
})
