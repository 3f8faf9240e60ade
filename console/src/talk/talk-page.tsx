import { useEffect } from 'preact/hooks'
import { usePlace } from '../base/router.ts'
import { useWords } from '../base/words.ts'
import type { CallDesk } from './call-desk.ts'
import type { View } from './view.ts'
import { CallPanel } from './call-panel.tsx'
import { MessagePage } from './message-page.tsx'
import { ProblemText, ProblemTitle } from './notice.tsx'
import { ReadyPanel } from './ready-panel.tsx'
import { talkDesk } from './talk-desk.ts'
import { Transcript } from './transcript.tsx'
import { useView } from './use-view.ts'
import { WORDS } from './words.ts'

export function TalkPage() {
  const view = useView(talkDesk)
  const { query } = usePlace()
  const asked = query.get('agent')
  useEffect(() => {
    document.title = 'antiphon'
    const { screen } = talkDesk.view
    if (screen === 'calling' || screen === 'starting') return
    if (asked !== null) talkDesk.chooseAgent(asked)
    void talkDesk.load()
  }, [asked])
  return (
    <div class="flex h-[calc(100dvh-7rem)] flex-col overflow-hidden lg:h-dvh">
      <Screen desk={talkDesk} view={view} />
    </div>
  )
}

function Screen({ desk, view }: { desk: CallDesk; view: View }) {
  const text = useWords(WORDS)
  switch (view.screen) {
    case 'loading':
    case 'signed-out':
      return <p class="m-auto text-muted">{text.loading}</p>
    case 'unreachable':
      return (
        <MessagePage
          title={view.problem && <ProblemTitle problem={view.problem} />}
          action={{ label: text.tryAgain, run: () => void desk.load() }}
        >
          <p>{view.problem && <ProblemText problem={view.problem} />}</p>
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
    <div class="mx-auto grid min-h-0 w-full max-w-6xl flex-1 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(10rem,1fr)] gap-3 overflow-y-auto px-3 py-3 sm:px-6 sm:py-6 lg:grid-cols-[23rem_minmax(0,1fr)] lg:grid-rows-1 lg:gap-6">
      <div>{panel}</div>
      <Transcript desk={desk} view={view} />
    </div>
  )
}
