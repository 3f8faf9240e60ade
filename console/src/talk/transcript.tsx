import type { SubtitleLine } from 'antiphon-client'
import { Fragment } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useWords } from '../base/words.ts'
import type { CallDesk } from './call-desk.ts'
import { NoteItem } from './note-item.tsx'
import { TextBox } from './text-box.tsx'
import { lineKey, type Note, type View } from './view.ts'
import { WORDS } from './words.ts'

/** How near to its end, in px, the text counts as being read along. */
const NEAR_END_PX = 80

/** What both sides said, as it is being said. */
export function Transcript({ desk, view }: { desk: CallDesk; view: View }) {
  const text = useWords(WORDS)
  const isCalling = view.screen === 'calling'
  const list = useEndInView(view.lines, view.notes)
  return (
    <section
      aria-label={text.subtitles}
      class="flex min-h-0 flex-col rounded-2xl border border-line bg-card shadow-card"
    >
      <ol ref={list} tabIndex={0} class="min-h-0 flex-1 space-y-3 overflow-y-auto p-4 sm:p-6">
        {view.lines.length === 0 && <li class="text-muted">{text.nothingSaid}</li>}
        <Notes view={view} afterKey="" />
        {view.lines.map((line) => (
          <Fragment key={lineKey(line)}>
            <Line line={line} name={nameOf(line, view, text)} />
            <Notes view={view} afterKey={lineKey(line)} />
          </Fragment>
        ))}
      </ol>
      <Announcer view={view} />
      {isCalling && <TextBox desk={desk} isConnected={view.connection === 'connected'} />}
    </section>
  )
}

/** Whose line it is, for who cannot see on which side it stands. */
function nameOf(line: SubtitleLine, view: View, text: (typeof WORDS)['en']): string {
  if (line.speaker === 'user') return text.you
  return line.sentenceId >= view.humanFromSentenceId ? text.human : text.agent
}

function Notes({ view, afterKey }: { view: View; afterKey: string }) {
  const notes = view.notes.filter((note) => note.afterKey === afterKey)
  return (
    <>
      {notes.map((note, index) => (
        <NoteItem key={index} note={note} />
      ))}
    </>
  )
}

function Line({ line, name }: { line: SubtitleLine; name: string }) {
  const text = useWords(WORDS)
  const isUser = line.speaker === 'user'
  return (
    <li class={`flex flex-col ${isUser ? 'items-end' : 'items-start'}`}>
      <span class="sr-only">{`${name}: `}</span>
      <p
        class={`max-w-[85%] rounded-2xl px-4 py-2.5 wrap-anywhere whitespace-pre-line lg:max-w-[75%] ${lineColours(line)}`}
      >
        {line.text}
        {isUser && !line.isEnd && '\u00a0…'}
        {!isUser && !line.isEnd && <span class="caret" aria-hidden="true" />}
      </p>
      {line.isInterrupted && <span class="mt-1 px-1 text-xs text-muted">{text.interrupted}</span>}
    </li>
  )
}

function lineColours(line: SubtitleLine): string {
  if (line.speaker === 'agent') return 'rounded-bl-md bg-fill'
  if (line.isEnd) return 'rounded-br-md bg-accent-tint'
  return 'rounded-br-md border border-dashed border-accent/50 text-muted italic'
}

/** Tells screen readers each line once, when it will not change any more. */
function Announcer({ view }: { view: View }) {
  const text = useWords(WORDS)
  return (
    <div aria-live="polite" role="log" class="sr-only">
      {view.lines
        .filter(({ isEnd }) => isEnd)
        .map((line) => (
          <p key={lineKey(line)}>{`${nameOf(line, view, text)}: ${line.text}`}</p>
        ))}
    </div>
  )
}

/** Keeps the newest line in view, unless the reader has scrolled back. */
function useEndInView(lines: readonly SubtitleLine[], notes: readonly Note[]) {
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
  }, [lines, notes])
  return list
}
