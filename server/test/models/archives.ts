import { crc32, deflateRawSync } from 'node:zlib'

export interface Member {
  readonly name: string
  readonly content: string
  /** Of tar: `0` a file, `2` a link. */
  readonly type?: string
}

/** A tar archive as GNU tar writes it. */
export function tarOf(members: readonly Member[]): Buffer {
  const blocks = members.flatMap(({ name, content, type = '0' }) => {
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write('0000644\0', 100)
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
    header.write('        ', 148)
    header.write(type, 156)
    header.write('ustar\0', 257)
    const sum = header.reduce((all, byte) => all + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    return [header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

/** A zip file; its entries claim `bytes` where that is given. */
export function zipOf(members: readonly (Member & { readonly bytes?: number })[]): Buffer {
  const parts: Buffer[] = []
  const list: Buffer[] = []
  let at = 0
  for (const { name, content, bytes = content.length } of members) {
    const packed = deflateRawSync(content)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt32LE(crc32(content), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(bytes, 18)
    shared.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), shared, tail, Buffer.from(name)]))
    parts.push(local)
    at += local.length
  }
  const entries = Buffer.concat(list)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, entries, end])
}

/**
 * Made by `tar cjf` (GNU tar, bzip2 1.0.8): a folder `my-sense-voice` with model.int8.onnx ("weights"), tokens.txt, a
 * folder with a name of 120 letters that holds file.txt ("deep\n"), and a link to /etc/passwd.
 */
export const TAR_BZ2 = Buffer.from(
  'QlpoOTFBWSZTWWdt6RIAAe//hM+QAEBAA//FUIYqAH/v3+AAAIJIMAFrVWkJJRG0jI0aGgAAAAGhoJFEnpDQJ6BMIMhkzQIyaZAV' +
    'SRMKeU2pmo0aBo0ANDRoYJR4AnblIxtmlGyj0I4BkzpB8S8xJISmdM9dwR5cqIRdKFONYiQnYlCTiBZSXiA0koJA2NUwnH4Jo7JQ' +
    '2D3G1kau7JQ+u85pp0aZXFTipEBFggKjZb2VQqwCF5MYmKvZu6nFImRLAM1y6nyZkUzooFSqaSJ7FMKcGBFbNU865MnArDHEUBUI' +
    'ca0phxh7ZtWcmKDIVEQU4M+ibUNtuvOOjtGimWKgZ8bWWyIIx2ij94eZrcn4IHENT0+IEPDADFts8s/x4/URgIUSaOCa6veMuJek' +
    'QRfpCwLMW4XjWLMMGwUcYy2DZISpnFtu+5h3b4jCK8tnEyCESX8XckU4UJBnbekS',
  'base64',
)
