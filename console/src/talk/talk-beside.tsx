import { useEffect } from 'preact/hooks'
import { CallPanel } from './call-panel.tsx'
import { ReadyPanel } from './ready-panel.tsx'
import { talkDesk } from './talk-desk.ts'
import { Transcript } from './transcript.tsx'
import { useView } from './use-view.ts'

/** The call with one agent, beside something else. */
export function TalkBeside({ agentId, agentName }: { agentId: string; agentName: string }) {
  const view = useView(talkDesk)
  useEffect(() => {
    if (view.screen === 'calling' || view.screen === 'starting') return
    talkDesk.chooseAgent(agentId)
    void talkDesk.load()
  }, [agentId])
  if (view.screen === 'calling')
    return (
      <div class="grid gap-3">
        <CallPanel desk={talkDesk} view={view} />
        <div class="flex max-h-96 min-h-48 flex-col">
          <Transcript desk={talkDesk} view={view} />
        </div>
      </div>
    )
  if (view.screen === 'ready' || view.screen === 'starting')
    return <ReadyPanel desk={talkDesk} view={view} agentName={agentName} />
  return null
}
