import { useState } from 'preact/hooks'
import { useWords } from '../base/words.ts'
import type { CallDesk } from './call-desk.ts'
import { WORDS } from './words.ts'

/** Longest text that is sent at once. */
const TEXT_LIMIT = 2000

/** For what is easier to write than to say. */
export function TextBox({ desk, isConnected }: { desk: CallDesk; isConnected: boolean }) {
  const words = useWords(WORDS)
  const [text, setText] = useState('')
  const isSendable = isConnected && text.trim() !== ''
  return (
    <form
      class="flex gap-2 border-t border-line p-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (isSendable && desk.sendText(text.trim())) setText('')
      }}
    >
      <input
        class="h-11 min-w-0 flex-1 rounded-full border border-line bg-paper px-4 placeholder:text-muted"
        aria-label={words.message}
        placeholder={words.orWrite}
        autocomplete="off"
        enterkeyhint="send"
        maxLength={TEXT_LIMIT}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button
        type="submit"
        aria-label={words.send}
        disabled={!isSendable}
        class="grid size-11 flex-none place-items-center rounded-full bg-accent text-accent-ink transition-opacity disabled:bg-fill disabled:text-muted"
      >
        <span class="icon icon-send" aria-hidden="true" />
      </button>
    </form>
  )
}
