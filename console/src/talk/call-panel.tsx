import { useEffect, useState } from 'preact/hooks'
import { useWords } from '../base/words.ts'
import type { CallDesk } from './call-desk.ts'
import { durationText, type View } from './view.ts'
import { Controls } from './controls.tsx'
import { Gauge } from './level.tsx'
import { MicrophonePicker } from './microphone-picker.tsx'
import { Notice } from './notice.tsx'
import { PushToTalk } from './push-to-talk.tsx'
import { VoiceBars } from './voice-bars.tsx'
import { WORDS } from './words.ts'

interface PanelProps {
  readonly desk: CallDesk
  readonly view: View
}

/** The call itself: who, whose turn, how long, and all that can be done. */
export function CallPanel({ desk, view }: PanelProps) {
  const text = useWords(WORDS)
  const agent = view.agents.find(({ agentId }) => agentId === view.agentId)
  return (
    <section
      aria-label={text.theCall}
      class="flex flex-col rounded-2xl border border-line bg-card p-4 shadow-card sm:p-6 lg:min-h-full"
    >
      <div class="flex items-baseline justify-between gap-4">
        <h1 class="truncate font-semibold tracking-tight">{agent?.name}</h1>
        <Duration beganAtMs={view.beganAtMs} />
      </div>
      <div class="flex items-center gap-4 py-3 lg:flex-1 lg:flex-col lg:justify-center lg:py-8">
        <div
          class={`size-16 flex-none transition-opacity lg:size-44 ${view.connection === 'connected' ? '' : 'opacity-40'}`}
        >
          <VoiceBars desk={desk} state={view.agentState} />
        </div>
        <TurnText view={view} />
      </div>
      <CallNotices desk={desk} view={view} />
      <div class="mb-4 flex items-center gap-2.5">
        <span class="icon icon-mic size-4 text-muted" aria-hidden="true" />
        <div class="flex-1">
          <Gauge volume={() => desk.volumes().userVolume} />
        </div>
      </div>
      <div class="mb-3 [&:empty]:hidden">
        <MicrophonePicker desk={desk} view={view} />
      </div>
      <PushToTalk desk={desk} view={view} />
      <Controls desk={desk} view={view} />
    </section>
  )
}

function TurnText({ view }: { view: View }) {
  const text = useWords(WORDS)
  const { title, hint } = turnText(view, text)
  return (
    <div class="min-w-0 lg:mt-2 lg:text-center">
      <p class="text-lg font-semibold tracking-tight lg:text-xl">{title}</p>
      <p class="text-sm text-muted lg:mt-1 lg:min-h-10 lg:text-base">{hint}</p>
    </div>
  )
}

type Text = (typeof WORDS)['en']

function turnText(view: View, text: Text): { readonly title: string; readonly hint: string } {
  if (view.connection === 'reconnecting')
    return { title: text.reconnecting, hint: text.reconnectingHint }
  if (view.isLeaving) return { title: text.leaving, hint: text.leavingHint }
  if (view.takeover === 'coming') return { title: text.humanComing, hint: text.humanComingHint }
  if (view.takeover === 'here')
    return { title: text.humanHere, hint: view.isMuted ? text.isMuted : text.humanHereHint }
  switch (view.agentState) {
    case 'thinking':
      return { title: text.thinking, hint: text.thinkingHint }
    case 'speaking':
      return { title: text.speaking, hint: text.speakingHint }
    case 'listening':
      return { title: text.listening, hint: listeningHint(view, text) }
  }
}

function listeningHint(view: View, text: Text): string {
  if (view.isPushToTalk) return view.isTalking ? text.letGo : text.holdHint
  return view.isMuted ? text.isMuted : text.goAhead
}

function CallNotices({ desk, view }: PanelProps) {
  const text = useWords(WORDS)
  return (
    <>
      {view.problem && (
        <div class="mb-4">
          <Notice problem={view.problem} onClose={() => desk.closeProblem()} />
        </div>
      )}
      {view.isPlaybackBlocked && (
        <button
          type="button"
          class="mb-4 flex h-11 items-center justify-center gap-2 rounded-full bg-accent font-medium text-accent-ink"
          onClick={() => desk.resumePlayback()}
        >
          <span class="icon icon-sound" aria-hidden="true" />
          {text.soundOn}
        </button>
      )}
    </>
  )
}

function Duration({ beganAtMs }: { beganAtMs: number }) {
  const text = useWords(WORDS)
  const [nowMs, setNowMs] = useState(beganAtMs)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return (
    <span role="timer" aria-label={text.duration} class="text-sm text-muted tabular-nums">
      {durationText(nowMs - beganAtMs)}
    </span>
  )
}
