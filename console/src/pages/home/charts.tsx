import { countText, spanText } from '../../base/format.ts'
import { useShared } from '../../base/value.ts'
import { language, useWords, type Language } from '../../base/words.ts'
import { Chart } from '../../ui/chart/chart.tsx'
import { countTicksTo, ticksTo } from '../../ui/chart/scale.ts'
import { Card } from '../../ui/page.tsx'
import type { Figures, Period, Range, Statistics } from './statistics.ts'
import { minutesText } from './tiles.tsx'
import { WORDS } from './words.ts'

interface ChartsProps {
  readonly statistics: Statistics
  readonly range: Range
}

/** How the figures went over the range, one chart for each. */
export function Charts({ statistics, range }: ChartsProps) {
  const say = useWords(WORDS)
  const tongue = useShared(language)
  const { periods, total } = statistics
  const labels = periods.map((period) => labelOf(period, range, tongue))
  const valuesOf = (name: keyof Figures): readonly (number | undefined)[] =>
    periods.map((period) => period[name])
  const most = (values: readonly (number | undefined)[]): number =>
    Math.max(0, ...values.map((value) => value ?? 0))
  const count = (value: number): string => countText(value, tongue)
  const [calls, minutes] = [valuesOf('calls'), valuesOf('minutes')]
  const [p50, p95] = [valuesOf('p50Ms'), valuesOf('p95Ms')]
  const [real, none] = [valuesOf('interruptions'), valuesOf('falseInterruptions')]
  const common = { labels, periodName: say.period } as const
  return (
    <div class="grid gap-4 lg:grid-cols-2">
      <Card title={say.callsChart(statistics.periodHours)}>
        <Chart
          {...common}
          kind="bars"
          summary={say.callsSummary(count(total.calls), count(most(calls)))}
          series={[{ name: say.calls, values: calls, color: 'text-accent' }]}
          ticks={countTicksTo(most(calls))}
          valueText={count}
        />
      </Card>
      <Card title={say.delayChart}>
        <Chart
          {...common}
          kind="lines"
          summary={say.delaySummary(spanText(total.p50Ms), spanText(total.p95Ms))}
          series={[
            { name: say.half, values: p50, color: 'text-accent' },
            { name: say.most95, values: p95, color: 'text-speaking' },
          ]}
          ticks={ticksTo(Math.max(1000, most(p95)))}
          valueText={shortSpan}
        />
      </Card>
      <Card title={say.minutesChart}>
        <Chart
          {...common}
          kind="bars"
          summary={`${say.minutes}: ${minutesText(total.minutes, tongue)}`}
          series={[{ name: say.minutes, values: minutes, color: 'text-accent' }]}
          ticks={ticksTo(Math.max(1, most(minutes)))}
          valueText={(value) => minutesText(value, tongue)}
        />
      </Card>
      <Card title={say.interruptionsChart}>
        <Chart
          {...common}
          kind="bars"
          summary={say.interruptionsSummary(
            count(total.interruptions),
            count(total.falseInterruptions),
          )}
          series={[
            { name: say.realOnes, values: real, color: 'text-thinking' },
            { name: say.falseOnes, values: none, color: 'text-speaking' },
          ]}
          ticks={countTicksTo(Math.max(most(real), most(none)))}
          valueText={count}
        />
      </Card>
    </div>
  )
}

/** `0`, `500 ms`, `1.5 s`: for the side of a chart. */
const shortSpan = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(2))} s`

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN' }

function labelOf(period: Period, range: Range, tongue: Language) {
  const locale = LOCALES[tongue]
  const [from, until] = [new Date(period.startMs), new Date(period.endMs)]
  const clock = (date: Date): string =>
    date.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })
  const day = from.toLocaleDateString(locale, { day: 'numeric', month: 'short' })
  if (range === 'month') return { short: day, full: day }
  const full = `${day}, ${clock(from)}–${clock(until)}`
  return { short: range === 'day' ? clock(from) : day, full }
}
