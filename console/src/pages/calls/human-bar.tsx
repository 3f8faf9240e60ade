import { useShared } from '../../base/value.ts'
import { useWords } from '../../base/words.ts'
import { Button } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { hangUp, humanPlace, mute, unblock } from './take-over.ts'
import { WORDS } from './words.ts'

/** While this page's user speaks in an agent's place, on every page: that they do, and how to stop. */
export function HumanBar() {
  const say = useWords(WORDS)
  const place = useShared(humanPlace)
  if (place === undefined) return null
  const { instanceId, status, isMuted, isSilent } = place
  return (
    <section
      aria-label={say.takeOver}
      class="sticky top-0 z-10 flex flex-wrap items-center gap-3 border-b border-line bg-danger-tint px-4 py-2 text-sm"
    >
      <span class="icon icon-mic text-danger" aria-hidden="true" />
      <p class="min-w-0 flex-1" role="status">
        {say[`human_${status}`]} <Link href={`/calls/${instanceId}`}>{say.toCall}</Link>
      </p>
      {isSilent && (
        <Button icon="sound" onClick={unblock}>
          {say.unblock}
        </Button>
      )}
      <Button icon={isMuted ? 'mic-off' : 'mic'} onClick={() => mute(!isMuted)}>
        {isMuted ? say.unmute : say.mute}
      </Button>
      <Button kind="danger" icon="phone-down" isDisabled={status === 'joining'} onClick={hangUp}>
        {say.hangUp}
      </Button>
    </section>
  )
}
