import { useWords } from '../base/words.ts'
import { Select } from '../ui/field.tsx'
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
    <Select
      control={{ 'aria-label': text.microphone }}
      value={view.microphoneId}
      choices={view.microphones.map(({ deviceId, label }, index) => [
        deviceId,
        label === '' ? text.unnamed(String(index + 1)) : label,
      ])}
      onChoose={(deviceId) => void desk.chooseMicrophone(deviceId)}
    />
  )
}
