import { useWords } from '../../base/words.ts'
import { ChoiceField, TextField } from '../../ui/field.tsx'
import type { Key } from './signing.ts'
import { WORDS } from './words.ts'

interface SignerProps {
  readonly signer: 'session' | 'key'
  readonly onSigner: (signer: 'session' | 'key') => void
  readonly signerKey: Key
  readonly onKey: (key: Key) => void
}

/** In whose name the request is sent. */
export function Signer({ signer, onSigner, signerKey, onKey }: SignerProps) {
  const say = useWords(WORDS)
  return (
    <div class="grid max-w-3xl gap-4 sm:grid-cols-3">
      <ChoiceField
        label={say.signWith}
        value={signer}
        choices={[
          ['session', say.session],
          ['key', say.ownKey],
        ]}
        onChoose={(choice) => onSigner(choice === 'key' ? 'key' : 'session')}
        hint={signer === 'key' && !isSecureContext ? say.needsHttps : undefined}
      />
      {signer === 'key' && (
        <>
          <TextField
            label={say.keyId}
            value={signerKey.accessKeyId}
            onInput={(accessKeyId) => onKey({ ...signerKey, accessKeyId })}
          />
          <TextField
            label={say.keySecret}
            type="password"
            hint={say.keyNote}
            value={signerKey.accessKeySecret}
            onInput={(accessKeySecret) => onKey({ ...signerKey, accessKeySecret })}
          />
        </>
      )}
    </div>
  )
}
