import { useEffect } from 'preact/hooks'
import { useLoaded } from '../../base/loaded.ts'
import { go, usePlace, withQuery } from '../../base/router.ts'
import { useWords } from '../../base/words.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Card, Empty, Page } from '../../ui/page.tsx'
import { Charts } from './charts.tsx'
import { FirstSteps } from './first-steps.tsx'
import { AgentsCard, EndReasonsCard, FailuresCard } from './lists.tsx'
import { describeStatistics, isRange, RANGES, type Range } from './statistics.ts'
import { Tiles } from './tiles.tsx'
import { WORDS } from './words.ts'

const REFRESH_MS = 30_000

/** What there is to see of all calls; on a new server what to do first. */
export function HomePage() {
  const say = useWords(WORDS)
  const { query } = usePlace()
  const asked = query.get('range')
  const range: Range = isRange(asked) ? asked : 'day'
  const loaded = useLoaded(() => describeStatistics(range, Date.now()), range)
  const { reload, value: statistics } = loaded
  useEffect(() => {
    const timer = setInterval(() => document.hidden || reload(), REFRESH_MS)
    return () => clearInterval(timer)
  }, [reload])
  const isQuiet = statistics !== undefined && statistics.agents.length === 0
  return (
    <Page
      title={say.title}
      lead={say.lead}
      actions={
        <>
          <RangeChoice range={range} />
          <LinkButton href="/talk" kind="primary" icon="phone">
            {say.talk}
          </LinkButton>
        </>
      }
    >
      <div class="grid gap-4">
        <FirstSteps />
        {loaded.state === 'failed' && <Failure failure={loaded.failure} onRetry={reload} />}
        {statistics !== undefined && (
          <>
            <Tiles statistics={statistics} />
            {isQuiet ? (
              <Card>
                <Empty title={say.noCalls}>
                  <p>{say.noCallsText}</p>
                </Empty>
              </Card>
            ) : (
              <>
                <Charts statistics={statistics} range={range} />
                <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
                  <AgentsCard statistics={statistics} />
                  <div class="grid content-start gap-4">
                    <EndReasonsCard statistics={statistics} />
                    <FailuresCard statistics={statistics} />
                  </div>
                </div>
              </>
            )}
          </>
        )}
      </div>
    </Page>
  )
}

function RangeChoice({ range }: { range: Range }) {
  const say = useWords(WORDS)
  return (
    <div
      role="radiogroup"
      aria-label={say.range}
      class="flex h-9 items-center rounded-lg border border-line bg-card p-0.5 text-sm"
    >
      {(Object.keys(RANGES) as Range[]).map((one) => (
        <label
          key={one}
          class="flex h-full cursor-pointer items-center rounded-md px-2.5 font-medium text-muted has-checked:bg-accent-tint has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="range"
            class="sr-only"
            checked={one === range}
            onChange={() =>
              go(withQuery({ range: one === 'day' ? undefined : one }), { replace: true })
            }
          />
          {say[one]}
        </label>
      ))}
    </div>
  )
}
