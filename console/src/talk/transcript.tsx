import type { SubtitleLine } from 'antiphon-client'
import { useEffect, useRef } from 'preact/hooks'
import type { CallDesk } from './call-desk.ts'
import type { View } from './view.ts'
import { TextBox } from './text-box.tsx'

/** How near to its end, in px, the text counts as being read along. */
const NEAR_END_PX = 80

/** What both sides said, as it is being said. */
export function Transcript({ desk, view }: { desk: CallDesk; view: View }) {
  const isCalling = view.screen === 'calling'
  const list = useEndInView(view.lines)
  return (
    <section
      aria-label="Subtitles"
      class="flex min-h-0 flex-col rounded-2xl border border-line bg-card shadow-card"
    >
      <ol ref={list} tabIndex={0} class="min-h-0 flex-1 space-y-3 overflow-y-auto p-4 sm:p-6">
        {view.lines.length === 0 && (
          <li class="text-muted">What you and the agent say appears here.</li>
        )}
        {view.lines.map((line) => (
          <Line key={`${line.speaker} ${line.sentenceId}`} line={line} />
        ))}
      </ol>
      <Announcer lines={view.lines} />
      {isCalling && <TextBox desk={desk} isConnected={view.connection === 'connected'} />}
    </section>
  )
}

function Line({ line }: { line: SubtitleLine }) {
  const isUser = line.speaker === 'user'
  return (
    <li class={`flex flex-col ${isUser ? 'items-end' : 'items-start'}`}>
      <span class="sr-only">{isUser ? 'You: ' : 'Agent: '}</span>
      <p
        class={`max-w-[85%] rounded-2xl px-4 py-2.5 wrap-anywhere whitespace-pre-line lg:max-w-[75%] ${lineColours(line)}`}
      >
        {line.text}
        {isUser && !line.isEnd && '\u00a0…'}
        {!isUser && !line.isEnd && <span class="caret" aria-hidden="true" />}
      </p>
      {line.isInterrupted && <span class="mt-1 px-1 text-xs text-muted">interrupted</span>}
    </li>
  )
}

function lineColours(line: SubtitleLine): string {
  if (line.speaker === 'agent') return 'rounded-bl-md bg-fill'
  if (line.isEnd) return 'rounded-br-md bg-accent-tint'
  return 'rounded-br-md border border-dashed border-accent/50 text-muted italic'
}

/** Tells screen readers each line once, when it will not change any more. */
function Announcer({ lines }: { lines: readonly SubtitleLine[] }) {
  return (
    <div aria-live="polite" role="log" class="sr-only">
      {lines
        .filter(({ isEnd }) => isEnd)
        .map(({ speaker, sentenceId, text }) => (
          <p key={`${speaker} ${sentenceId}`}>
            {speaker === 'user' ? 'You' : 'Agent'}: {text}
          </p>
        ))}
    </div>
  )
}

/** Keeps the newest line in view, unless the reader has scrolled back. */
function useEndInView(lines: readonly SubtitleLine[]) {
  const list = useRef<HTMLOListElement>(null)
  const isFollowing = useRef(true)
  useEffect(() => {
    const element = list.current
    if (element === null) return
    let lastTopPx = 0
    const onScroll = (): void => {
      const topPx = element.scrollTop
      const belowPx = element.scrollHeight - topPx - element.clientHeight
      // Growing text leaves the end behind too; only a reader scrolls up.
      if (belowPx < NEAR_END_PX) isFollowing.current = true
      else if (topPx < lastTopPx) isFollowing.current = false
      lastTopPx = topPx
    }
    const observer = new ResizeObserver(() => {
      if (isFollowing.current) element.scrollTop = element.scrollHeight
    })
    observer.observe(element)
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [])
  useEffect(() => {
    const element = list.current
    if (element !== null && isFollowing.current) element.scrollTop = element.scrollHeight
  }, [lines])
  return list
}
