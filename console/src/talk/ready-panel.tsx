import { useWords } from '../base/words.ts'
import { Link } from '../ui/link.tsx'
import type { CallDesk } from './call-desk.ts'
import { durationText, type View } from './view.ts'
import { Gauge } from './level.tsx'
import { MicrophonePicker } from './microphone-picker.tsx'
import { Notice } from './notice.tsx'
import { WORDS } from './words.ts'

interface PanelProps {
  readonly desk: CallDesk
  readonly view: View
  /** The agent is not to be chosen: the panel stands beside its page. */
  readonly agentName?: string
}

/** Before a call and after one. */
export function ReadyPanel({ desk, view, agentName }: PanelProps) {
  const text = useWords(WORDS)
  const isAfterCall = view.durationMs !== undefined
  return (
    <section class="rounded-2xl border border-line bg-card p-5 shadow-card sm:p-7">
      {agentName === undefined ? (
        <h1 class="text-xl font-semibold tracking-tight sm:text-2xl">
          {isAfterCall ? text.ended : text.title}
        </h1>
      ) : (
        <h2 class="text-lg font-semibold tracking-tight">
          {isAfterCall ? text.ended : text.talkTo(agentName)}
        </h2>
      )}
      <p class={`mt-1 text-muted ${agentName === undefined ? '' : 'text-sm'}`}>
        {view.durationMs === undefined ? text.intro : text.talkedFor(durationText(view.durationMs))}{' '}
        {isAfterCall && desk.lastInstanceId !== undefined && (
          <Link href={`/calls/${desk.lastInstanceId}`}>{text.lookInto}</Link>
        )}
      </p>
      {view.problem && (
        <div class="mt-4">
          <Notice problem={view.problem} />
        </div>
      )}
      {agentName === undefined && <AgentPicker desk={desk} view={view} />}
      <MicrophoneCheck desk={desk} view={view} />
      <CallButton desk={desk} view={view} isAgain={isAfterCall} />
    </section>
  )
}

function AgentPicker({ desk, view }: PanelProps) {
  const text = useWords(WORDS)
  if (view.agents.length === 0)
    return (
      <p class="mt-6 rounded-xl bg-fill px-4 py-3 text-sm text-muted">
        {text.noAgent} <Link href="/agents">{text.makeAgent}</Link>
      </p>
    )
  return (
    <label class="mt-6 block">
      <span class="text-sm font-medium text-muted">{text.agent}</span>
      <span class="relative mt-1.5 block">
        <select
          class="h-12 w-full appearance-none truncate rounded-xl border border-line bg-paper pr-11 pl-4 font-medium disabled:opacity-60"
          value={view.agentId}
          disabled={view.screen === 'starting'}
          onChange={(event) => desk.chooseAgent(event.currentTarget.value)}
        >
          {view.agents.map(({ agentId, name }) => (
            <option key={agentId} value={agentId}>
              {name}
            </option>
          ))}
        </select>
        <span
          class="icon icon-chevron pointer-events-none absolute top-3.5 right-3.5 text-muted"
          aria-hidden="true"
        />
      </span>
    </label>
  )
}

function MicrophoneCheck({ desk, view }: PanelProps) {
  const text = useWords(WORDS)
  return (
    <div class="mt-5">
      <div class="flex h-8 items-center gap-2 text-sm">
        <span class="icon icon-mic size-4.5 text-muted" aria-hidden="true" />
        <span class="flex-1 font-medium text-muted">
          {view.isMicrophoneOpen ? text.microphoneOn : text.microphone}
        </span>
        {!view.isMicrophoneOpen && view.screen === 'ready' && (
          <button
            type="button"
            class="-mr-3 h-8 rounded-full px-3 font-medium text-accent hover:bg-fill"
            onClick={() => void desk.checkMicrophone()}
          >
            {text.tryIt}
          </button>
        )}
      </div>
      <div class="mt-1.5">
        <Gauge volume={() => desk.volumes().userVolume} />
      </div>
      <div class="mt-3 [&:empty]:hidden">
        <MicrophonePicker desk={desk} view={view} />
      </div>
      <p role="status" class={view.isMicrophoneOpen ? 'mt-2 text-sm text-muted' : 'sr-only'}>
        {view.isMicrophoneOpen && text.saySomething}
      </p>
    </div>
  )
}

function CallButton({ desk, view, isAgain }: PanelProps & { readonly isAgain: boolean }) {
  const text = useWords(WORDS)
  const isStarting = view.screen === 'starting'
  return (
    <div class="mt-7">
      <button
        type="button"
        disabled={isStarting || view.agentId === ''}
        class="flex h-14 w-full items-center justify-center gap-2.5 rounded-full bg-accent text-lg font-semibold text-accent-ink transition-opacity hover:opacity-90 disabled:opacity-55"
        onClick={() => void desk.startCall()}
      >
        <span class="icon icon-phone" aria-hidden="true" />
        {isStarting ? text.connecting : isAgain ? text.callAgain : text.call}
      </button>
      <p role="status" class="text-center text-sm text-muted [&:not(:empty)]:mt-3">
        {isStarting && !view.isMicrophoneOpen && view.connection === 'idle' ? text.mayAsk : null}
      </p>
    </div>
  )
}
