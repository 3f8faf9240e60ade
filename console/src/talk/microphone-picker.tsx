import { useWords } from '../base/words.ts'
import type { CallDesk } from './call-desk.ts'
import type { View } from './view.ts'
import { WORDS } from './words.ts'

/** Which microphone to speak into, where there is a choice. */
export function MicrophonePicker({ desk, view }: { desk: CallDesk; view: View }) {
  const text = useWords(WORDS)
  // Before one was allowed, the browser names none.
  if (view.microphones.length < 2 || view.microphones.every(({ label }) => label === ''))
    return null
  return (
    <span class="relative block">
      <select
        aria-label={text.microphone}
        class="h-9 w-full appearance-none truncate rounded-lg border border-line bg-paper pr-9 pl-3 text-sm"
        value={view.microphoneId}
        onChange={(event) => void desk.chooseMicrophone(event.currentTarget.value)}
      >
        {view.microphones.map(({ deviceId, label }, index) => (
          <option key={deviceId} value={deviceId}>
            {label === '' ? text.unnamed(String(index + 1)) : label}
          </option>
        ))}
      </select>
      <span
        class="icon icon-chevron pointer-events-none absolute top-2.5 right-2.5 size-4 text-muted"
        aria-hidden="true"
      />
    </span>
  )
}
