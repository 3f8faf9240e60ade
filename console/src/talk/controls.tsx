import { useWords } from '../base/words.ts'
import type { CallDesk } from './call-desk.ts'
import type { View } from './view.ts'
import { WORDS } from './words.ts'

/** Mute, interrupt, hang up. */
export function Controls({ desk, view }: { desk: CallDesk; view: View }) {
  const text = useWords(WORDS)
  const isConnected = view.connection === 'connected'
  return (
    <div class="grid grid-cols-3 gap-2">
      <ControlButton
        label={view.isMuted ? text.unmute : text.mute}
        icon={view.isMuted ? 'icon-mic-off' : 'icon-mic'}
        isPressed={view.isMuted}
        // The talk button decides when the microphone is open.
        isDisabled={view.isPushToTalk}
        run={() => desk.toggleMute()}
      />
      <ControlButton
        label={text.interrupt}
        icon="icon-hand"
        isDisabled={!isConnected || view.agentState === 'listening' || view.takeover !== 'none'}
        run={() => desk.interrupt()}
      />
      <ControlButton
        label={text.hangUp}
        icon="icon-phone-down"
        isEnding
        run={() => desk.hangUp()}
      />
    </div>
  )
}

interface ControlButtonProps {
  readonly label: string
  readonly icon: string
  readonly isPressed?: boolean
  readonly isDisabled?: boolean
  readonly isEnding?: boolean
  run(): void
}

function ControlButton(props: ControlButtonProps) {
  const colours = props.isEnding
    ? 'bg-danger-fill text-danger-ink hover:opacity-90'
    : props.isPressed
      ? 'bg-ink text-card'
      : 'bg-fill hover:bg-line'
  return (
    <button
      type="button"
      disabled={props.isDisabled}
      aria-pressed={props.isPressed}
      class={`flex h-14 flex-col items-center justify-center gap-0.5 rounded-xl text-xs font-medium transition-colors disabled:opacity-45 lg:h-16 ${colours}`}
      onClick={() => props.run()}
    >
      <span class={`icon ${props.icon}`} aria-hidden="true" />
      {props.label}
    </button>
  )
}
