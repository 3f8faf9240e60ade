import { useWords } from '../base/words.ts'
import type { Note } from './view.ts'
import { WORDS } from './words.ts'

/** So much of a program's message is shown. */
const SHOWN_CHARS = 600

/** What happened between two lines: a human came, or a program sent something. */
export function NoteItem({ note }: { note: Note }) {
  const text = useWords(WORDS)
  if (note.kind === 'human')
    return (
      <li class="flex items-center gap-3 text-xs font-medium text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        <span role="status">{text.humanCame}</span>
      </li>
    )
  return (
    <li class="rounded-xl border border-line px-4 py-2.5 text-xs">
      <span class="font-medium text-muted">{text.fromProgram}</span>
      <code class="mt-1 block wrap-anywhere whitespace-pre-wrap">{shown(note.text)}</code>
    </li>
  )
}

/** JSON as people read it. */
function shown(message: string): string {
  let text = message
  try {
    text = JSON.stringify(JSON.parse(message), null, 2)
  } catch {}
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text
}
