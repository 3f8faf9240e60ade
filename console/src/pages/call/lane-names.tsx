import { useWords } from '../../base/words.ts'
import { AXIS_PX, LANE_PLACE, NAME_PX, trackTop, type Track } from './timeline-items.ts'
import { WORDS } from './words.ts'

/** Beside the timeline: whose lane is whose. */
export function LaneNames({ tracks, height }: { tracks: readonly Track[]; height: number }) {
  const say = useWords(WORDS)
  const names = ['marks', 'user', 'reaction', 'agent'] as const
  return (
    <div
      class="relative w-20 flex-none border-r border-line text-[11px] leading-none text-muted sm:w-28 sm:text-xs"
      style={{ height: `${height}px` }}
      aria-hidden="true"
    >
      {tracks.map(({ id, name }, index) => {
        const top = trackTop(index, tracks.length)
        return (
          <div key={id}>
            {tracks.length > 1 && (
              <span
                class="absolute inset-x-3 truncate font-medium text-ink sm:right-1 sm:left-4"
                style={{ top: `${top - NAME_PX + 3}px` }}
              >
                {name}
              </span>
            )}
            {names.map((lane) => {
              const [y, tall] = LANE_PLACE[lane]
              return (
                <span
                  key={lane}
                  class="absolute left-3 sm:left-4"
                  style={{ top: `${top + y + tall / 2 - 6}px` }}
                >
                  {say[`lane_${lane}`]}
                </span>
              )
            })}
          </div>
        )
      })}
      <span class="absolute inset-x-0 border-b border-line" style={{ top: `${AXIS_PX - 2}px` }} />
    </div>
  )
}
