import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Ids } from '../base/ids.ts'

const ALGORITHM = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16
/** Another use of the same server secret derives another key. */
const PURPOSE = 'antiphon secrets at rest 1'

/** Encrypts what must not stand readable in the database. */
export interface SecretBox {
  /** `place` says where the text belongs: it opens nowhere else. */
  seal(text: string, place: string): Uint8Array
  /** Nothing when it was sealed with another key or for another place, or was changed since. */
  open(sealed: Uint8Array, place: string): string | undefined
}

/** AES-256-GCM under a key derived from the server's secret; what is sealed is IV, tag and cipher text. */
export function createSecretBox(options: {
  readonly serverSecret: Uint8Array
  readonly ids: Pick<Ids, 'hex32'>
}): SecretBox {
  const key = new Uint8Array(hkdfSync('sha256', options.serverSecret, '', PURPOSE, 32))
  return {
    seal(text, place) {
      const iv = Buffer.from(options.ids.hex32(), 'hex').subarray(0, IV_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(place))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), sealed])
    },
    open(sealed, place) {
      try {
        const bytes = Buffer.from(sealed)
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), {
          authTagLength: TAG_BYTES,
        })
        decipher.setAAD(Buffer.from(place))
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
        const text = bytes.subarray(IV_BYTES + TAG_BYTES)
        return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}
