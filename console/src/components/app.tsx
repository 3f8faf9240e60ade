import { useEffect, useState } from 'preact/hooks'
import type { CallDesk } from '../call-desk.ts'
import type { View } from '../view.ts'
import { CallPanel } from './call-panel.tsx'
import { Header } from './header.tsx'
import { MessagePage } from './message-page.tsx'
import { ReadyPanel } from './ready-panel.tsx'
import { Transcript } from './transcript.tsx'

export function App({ desk }: { desk: CallDesk }) {
  const view = useView(desk)
  return (
    <div class="flex h-dvh flex-col overflow-hidden">
      <Header />
      <main class="flex min-h-0 flex-1 flex-col">
        <Screen desk={desk} view={view} />
      </main>
    </div>
  )
}

function Screen({ desk, view }: { desk: CallDesk; view: View }) {
  switch (view.screen) {
    case 'loading':
      return <p class="m-auto text-muted">Loading…</p>
    case 'signed-out':
      return <SignedOut />
    case 'unreachable':
      return (
        <MessagePage
          title={view.problem?.title ?? ''}
          action={{ label: 'Try again', run: () => void desk.load() }}
        >
          <p>{view.problem?.text}</p>
        </MessagePage>
      )
    case 'ready':
    case 'starting':
    case 'calling':
      return <Desk desk={desk} view={view} />
  }
}

/** The panel alone in the middle, or beside what has been said. */
function Desk({ desk, view }: { desk: CallDesk; view: View }) {
  const isCalling = view.screen === 'calling'
  const hasTranscript = isCalling || view.lines.length > 0
  const panel = isCalling ? (
    <CallPanel desk={desk} view={view} />
  ) : (
    <ReadyPanel desk={desk} view={view} />
  )
  if (!hasTranscript)
    return (
      <div class="min-h-0 flex-1 overflow-y-auto px-4 pb-8">
        <div class="mx-auto mt-[6vh] max-w-md">{panel}</div>
      </div>
    )
  return (
    <div class="mx-auto grid min-h-0 w-full max-w-6xl flex-1 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(10rem,1fr)] gap-3 overflow-y-auto px-3 pb-3 sm:px-6 sm:pb-6 lg:grid-cols-[23rem_minmax(0,1fr)] lg:grid-rows-1 lg:gap-6">
      <div>{panel}</div>
      <Transcript desk={desk} view={view} />
    </div>
  )
}

function SignedOut() {
  return (
    <MessagePage title="Open the address that the server printed">
      <p>
        When it starts,{' '}
        <code class="rounded bg-fill px-1.5 py-0.5 text-sm text-ink">npm start</code> prints an
        address with a token. Opening it signs this browser in; after that, reloading this page
        works too.
      </p>
      <p class="mt-4 overflow-x-auto rounded-lg bg-fill px-3 py-2 font-mono text-sm text-ink">
        {location.origin}/?token=…
      </p>
      <p class="mt-4 text-sm">The token works once. For a new one, start the server again.</p>
    </MessagePage>
  )
}

function useView(desk: CallDesk): View {
  const [view, setView] = useState(desk.view)
  useEffect(() => {
    setView(desk.view)
    return desk.onView(setView)
  }, [desk])
  return view
}
