import { countText, spanText } from '../../base/format.ts'
import { useShared } from '../../base/value.ts'
import { language, useWords } from '../../base/words.ts'
import type { Statistics } from './statistics.ts'
import { WORDS } from './words.ts'

/** The figures that matter, large. */
export function Tiles({ statistics }: { statistics: Statistics }) {
  const say = useWords(WORDS)
  const tongue = useShared(language)
  const { callsNow, total } = statistics
  const count = (value: number): string => countText(value, tongue)
  const most = Math.max(total.mostCalls, callsNow)
  const perCall = total.ended === 0 ? undefined : total.minutes / total.ended
  return (
    <dl class="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6">
      <Tile
        name={say.callsNow}
        value={count(callsNow)}
        hint={most === 0 ? '' : say.most(count(most))}
        href="/calls"
        isLive={callsNow > 0}
      />
      <Tile
        name={say.calls}
        value={count(total.calls)}
        hint={total.calls === 0 ? '' : busiestText(statistics, count, say)}
        href="/calls"
      />
      <Tile
        name={say.minutes}
        value={minutesText(total.minutes, tongue)}
        hint={perCall === undefined ? '' : say.perCall(spanText(perCall * 60_000))}
      />
      <Tile
        name={say.delay}
        value={spanText(total.p50Ms)}
        hint={total.p95Ms === undefined ? say.noAnswers : say.delayHint(spanText(total.p95Ms))}
      />
      <Tile
        name={say.interruptions}
        value={count(total.interruptions)}
        hint={say.falseHint(total.falseInterruptions, count(total.falseInterruptions))}
      />
      <Tile
        name={say.failures}
        value={count(total.failures)}
        hint={total.failures === 0 ? '' : say.failuresHint}
        isBad={total.failures > 0}
      />
    </dl>
  )
}

/** How many calls the busiest hour (or other period) had. */
function busiestText(
  { periods, periodHours }: Statistics,
  count: (value: number) => string,
  say: (typeof WORDS)['en'],
): string {
  const busiest = Math.max(0, ...periods.map(({ calls = 0 }) => calls))
  return say.busiest(count(busiest), periodHours)
}

export const minutesText = (minutes: number, tongue: 'en' | 'zh'): string =>
  minutes > 0 && minutes < 10 ? minutes.toFixed(1) : countText(Math.round(minutes), tongue)

interface TileProps {
  readonly name: string
  readonly value: string
  readonly hint?: string
  readonly href?: string
  readonly isLive?: boolean
  readonly isBad?: boolean
}

function Tile({ name, value, hint = '', href, isLive = false, isBad = false }: TileProps) {
  const tone = isLive ? 'text-accent' : isBad ? 'text-danger' : ''
  return (
    <div class="min-w-0 rounded-xl border border-line bg-card px-4 py-3 shadow-card">
      <dt class="truncate text-xs font-medium text-muted">
        {href === undefined ? (
          name
        ) : (
          <a href={href} data-go="" class="hover:text-ink hover:underline">
            {name}
          </a>
        )}
      </dt>
      <dd>
        <span class={`block truncate text-2xl font-semibold tracking-tight tabular-nums ${tone}`}>
          {value}
        </span>
        <span class="block min-h-4 truncate text-xs text-muted" title={hint}>
          {hint}
        </span>
      </dd>
    </div>
  )
}
