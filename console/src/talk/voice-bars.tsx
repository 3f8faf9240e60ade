import type { AgentState } from 'antiphon-client'
import type { CallDesk } from './call-desk.ts'
import { useLevel } from './level.tsx'

const COLOURS: Readonly<Record<AgentState, string>> = {
  listening: 'text-accent',
  thinking: 'text-thinking',
  speaking: 'text-speaking',
}

/** Whose turn it is: the bars move with the voice that is heard, and by themselves while thinking. */
export function VoiceBars({ desk, state }: { desk: CallDesk; state: AgentState }) {
  const shown = useLevel<HTMLDivElement>(() => {
    const { userVolume, agentVolume } = desk.volumes()
    return state === 'speaking' ? agentVolume : state === 'listening' ? userVolume : 0
  })
  return (
    <div
      ref={shown}
      data-state={state}
      aria-hidden="true"
      class={`voice-bars size-full rounded-full p-[22%] transition-colors duration-300 ${COLOURS[state]}`}
    >
      <i />
      <i />
      <i />
      <i />
      <i />
    </div>
  )
}
