import { useEffect } from 'preact/hooks'
import { useWords } from '../base/words.ts'
import type { CallDesk } from './call-desk.ts'
import type { View } from './view.ts'
import { WORDS } from './words.ts'

/** The switch for push-to-talk, and the button to hold; the space bar does the same. */
export function PushToTalk({ desk, view }: { desk: CallDesk; view: View }) {
  const text = useWords(WORDS)
  useSpaceBar(desk, view.isPushToTalk)
  return (
    <div class="mb-3">
      {view.isPushToTalk && <TalkButton desk={desk} isTalking={view.isTalking} />}
      <button
        type="button"
        role="switch"
        aria-checked={view.isPushToTalk}
        disabled={view.connection !== 'connected' || view.takeover !== 'none'}
        class="flex h-10 w-full items-center justify-between rounded-lg text-sm font-medium disabled:opacity-50"
        onClick={() => desk.togglePushToTalk()}
      >
        {text.pushToTalk}
        <span
          aria-hidden="true"
          class={`flex h-6 w-10 rounded-full p-0.5 transition-colors ${view.isPushToTalk ? 'justify-end bg-accent' : 'bg-muted/40'}`}
        >
          <span
            class={`size-5 rounded-full shadow-sm ${view.isPushToTalk ? 'bg-accent-ink' : 'bg-knob'}`}
          />
        </span>
      </button>
    </div>
  )
}

function TalkButton({ desk, isTalking }: { desk: CallDesk; isTalking: boolean }) {
  const text = useWords(WORDS)
  return (
    <button
      type="button"
      aria-pressed={isTalking}
      class={`mb-2 flex h-14 w-full touch-none items-center justify-center gap-2.5 rounded-xl font-semibold select-none ${isTalking ? 'bg-accent text-accent-ink' : 'border-2 border-accent text-accent'}`}
      onPointerDown={(event) => {
        // The release counts wherever the finger has gone in the meantime.
        event.currentTarget.setPointerCapture(event.pointerId)
        desk.startTalking()
      }}
      onPointerUp={() => desk.finishTalking()}
      onPointerCancel={() => desk.cancelTalking()}
      onContextMenu={(event) => event.preventDefault()}
    >
      <span class="icon icon-mic" aria-hidden="true" />
      {isTalking ? text.release : text.hold}
      {!isTalking && (
        <kbd class="hidden rounded border border-current px-1.5 font-sans text-xs font-medium lg:inline">
          {text.space}
        </kbd>
      )}
    </button>
  )
}

function useSpaceBar(desk: CallDesk, isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return
    const aborter = new AbortController()
    const { signal } = aborter
    // Whoever came to a button with the pointer means the space bar for talking, not for that button.
    let isByPointer = true
    const isOurs = (event: KeyboardEvent): boolean =>
      event.key === ' ' && isFreeForTalking(event.target, isByPointer)
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Tab') isByPointer = false
      if (event.key === 'Escape') desk.cancelTalking()
      if (!isOurs(event)) return
      event.preventDefault()
      if (!event.repeat) desk.startTalking()
    }
    const onKeyUp = (event: KeyboardEvent): void => {
      if (!isOurs(event)) return
      event.preventDefault()
      desk.finishTalking()
    }
    const onPointerDown = (): void => {
      isByPointer = true
    }
    addEventListener('keydown', onKeyDown, { signal })
    addEventListener('keyup', onKeyUp, { signal })
    addEventListener('pointerdown', onPointerDown, { signal })
    // A key that is released in another window never tells us.
    addEventListener('blur', () => desk.finishTalking(), { signal })
    return () => aborter.abort()
  }, [desk, isOn])
}

/** Space keeps its own meaning in text, and for who walks the buttons by Tab, but not on the talk button. */
function isFreeForTalking(target: EventTarget | null, isByPointer: boolean): boolean {
  if (!(target instanceof HTMLElement)) return true
  if (target.closest('input, textarea, select') !== null) return false
  const button = target.closest('button')
  return button === null || isByPointer || button.matches('.touch-none')
}
