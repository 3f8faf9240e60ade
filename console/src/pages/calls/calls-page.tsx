import { useEffect, useRef, useState } from 'preact/hooks'
import type { ApiFailure } from '../../base/api.ts'
import { countText } from '../../base/format.ts'
import { useLoaded } from '../../base/loaded.ts'
import { go, usePlace, withQuery } from '../../base/router.ts'
import { signedOut } from '../../base/session.ts'
import { useShared } from '../../base/value.ts'
import { language, useWords } from '../../base/words.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Card, Empty, Page } from '../../ui/page.tsx'
import { listAgents } from '../agents/agents.ts'
import { CallTable } from './call-table.tsx'
import { readFilters, searchCalls, searchParameters, type Call } from './calls.ts'
import { FilterBar } from './filter-bar.tsx'
import { LivePanel } from './live-panel.tsx'
import { WORDS } from './words.ts'

/** How often the list is looked at again while its head is in view. */
const REFRESH_MS = 5000

export function CallsPage() {
  const say = useWords(WORDS)
  const { query } = usePlace()
  const filters = readFilters(query)
  const agents = useLoaded(listAgents, 'agents')
  const found = useCalls(JSON.stringify(searchParameters(filters)))
  const tongue = useShared(language)
  const isFiltered = Object.values(filters).some((value) => value !== '')
  const agentNames = new Map(agents.value?.map(({ agentId, name }) => [agentId, name] as const))
  return (
    <Page
      title={say.title}
      lead={
        found.total === undefined
          ? say.lead
          : say.total(countText(found.total, tongue), found.isExact)
      }
    >
      <LivePanel agentNames={agentNames} />
      <h2 class="mt-8 mb-3 font-semibold tracking-tight">{say.past}</h2>
      <FilterBar
        filters={filters}
        agents={agents.value ?? []}
        onChange={(name, value) => go(withQuery({ [name]: value }), { replace: true })}
        onClear={() => go('/calls', { replace: true })}
      />
      <div class="mt-4">
        {found.failure && <Failure failure={found.failure} onRetry={found.more} />}
        {(found.calls.length > 0 || found.isDone) && (
          <Card isFlush>
            {found.calls.length === 0 ? (
              <Nothing isFiltered={isFiltered} />
            ) : (
              <CallTable calls={found.calls} agentNames={agentNames} />
            )}
          </Card>
        )}
        <More isDone={found.isDone} isBusy={found.isBusy} onMore={found.more} />
      </div>
    </Page>
  )
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const say = useWords(WORDS)
  if (isFiltered) return <Empty title={say.none}>{say.noneText}</Empty>
  return (
    <Empty title={say.noneYet}>
      <p>{say.noneYetText}</p>
      <p class="mt-4">
        <LinkButton href="/talk" icon="phone">
          {say.talk}
        </LinkButton>
      </p>
    </Empty>
  )
}

interface MoreProps {
  readonly isDone: boolean
  readonly isBusy: boolean
  readonly onMore: () => void
}

/** Asks for more as soon as the end of the list comes near; the button is for those without a pointer. */
function More({ isDone, isBusy, onMore }: MoreProps) {
  const say = useWords(WORDS)
  const end = useRef<HTMLDivElement>(null)
  const ask = useRef(onMore)
  ask.current = onMore
  useEffect(() => {
    if (end.current === null || isDone) return
    const watch = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting === true && ask.current(),
      { rootMargin: '600px' },
    )
    watch.observe(end.current)
    return () => watch.disconnect()
  }, [isDone, isBusy])
  if (isDone) return null
  return (
    <div ref={end} class="flex justify-center py-4">
      <Button isBusy={isBusy} onClick={onMore}>
        {isBusy ? say.loading : say.more}
      </Button>
    </div>
  )
}

interface FoundCalls {
  readonly calls: readonly Call[]
  readonly total: number | undefined
  readonly isExact: boolean
  readonly isDone: boolean
  readonly isBusy: boolean
  readonly failure: ApiFailure | undefined
}

const NOTHING: FoundCalls = {
  calls: [],
  total: undefined,
  isExact: true,
  isDone: false,
  isBusy: false,
  failure: undefined,
}

/** The calls that fit, page after page; the first page is looked at again from time to time. */
function useCalls(key: string): FoundCalls & { more(): void } {
  const [found, setFound] = useState(NOTHING)
  const next = useRef<string | undefined>(undefined)
  const run = useRef(0)
  const isBusy = useRef(false)
  const load = async (isFirst: boolean): Promise<void> => {
    if (isBusy.current && !isFirst) return
    const own = isFirst ? ++run.current : run.current
    isBusy.current = true
    setFound((before) => ({ ...before, isBusy: true, failure: undefined }))
    const parameters = JSON.parse(key) as Readonly<Record<string, unknown>>
    const answer = await searchCalls(parameters, isFirst ? undefined : next.current)
    if (own !== run.current) return
    isBusy.current = false
    if (!answer.ok) {
      if (answer.failure.type === 'signed-out') signedOut()
      setFound((before) => ({ ...before, isBusy: false, failure: answer.failure }))
      return
    }
    const page = answer.value
    next.current = page.next
    setFound((before) => ({
      calls: isFirst ? page.calls : [...before.calls, ...page.calls],
      total: isFirst ? page.total : before.total,
      isExact: isFirst ? page.isExact : before.isExact,
      isDone: page.next === undefined,
      isBusy: false,
      failure: undefined,
    }))
  }
  const refresh = async (): Promise<void> => {
    const own = run.current
    if (document.hidden || isBusy.current || scrollY > 200) return
    const answer = await searchCalls(JSON.parse(key) as Readonly<Record<string, unknown>>)
    if (!answer.ok || own !== run.current || isBusy.current) return
    setFound((before) => {
      const fresh = new Map(answer.value.calls.map((call) => [call.instanceId, call]))
      const rest = before.calls.filter(({ instanceId }) => !fresh.has(instanceId))
      return { ...before, calls: [...fresh.values(), ...rest], total: answer.value.total }
    })
  }
  useEffect(() => {
    next.current = undefined
    void load(true)
    const timer = setInterval(() => void refresh(), REFRESH_MS)
    return () => {
      run.current += 1
      isBusy.current = false
      clearInterval(timer)
    }
  }, [key])
  return { ...found, more: () => void load(found.calls.length === 0) }
}
