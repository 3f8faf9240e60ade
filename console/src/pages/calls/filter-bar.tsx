import { useEffect, useState } from 'preact/hooks'
import { useWords } from '../../base/words.ts'
import { Button } from '../../ui/button.tsx'
import { ChoiceField, TextField } from '../../ui/field.tsx'
import type { Agent } from '../agents/agents.ts'
import { ORDERS, type Filters } from './calls.ts'
import { REASONS } from './reasons.ts'
import { WORDS } from './words.ts'

interface FilterBarProps {
  readonly filters: Filters
  readonly agents: readonly Agent[]
  readonly onChange: (name: keyof Filters, value: string) => void
  readonly onClear: () => void
}

/** Which calls are listed, and in which order. */
export function FilterBar({ filters, agents, onChange, onClear }: FilterBarProps) {
  const say = useWords(WORDS)
  const isFiltered = Object.values(filters).some((value) => value !== '')
  return (
    <section aria-label={say.filters}>
      <div class="grid grid-cols-2 gap-3 md:grid-cols-4 xl:grid-cols-8">
        <div class="col-span-2 xl:col-span-3">
          <TypedField
            label={say.text}
            type="search"
            value={filters.text}
            onChange={(text) => onChange('text', text)}
          />
        </div>
        <ChosenFilters filters={filters} agents={agents} onChange={onChange} />
        <PeriodFilter filters={filters} onChange={onChange} />
        <TypedField
          label={say.longest}
          type="number"
          value={filters.seconds}
          onChange={(seconds) => onChange('seconds', seconds)}
        />
        <TypedField
          label={say.session}
          type="text"
          value={filters.session}
          onChange={(session) => onChange('session', session)}
        />
      </div>
      {isFiltered && (
        <div class="mt-3">
          <Button kind="quiet" icon="close" onClick={onClear}>
            {say.clear}
          </Button>
        </div>
      )}
    </section>
  )
}

const STATUSES = ['Created', 'Executing', 'Finished'] as const

/** Agent, status, reason of the end, order: each one of a few. */
function ChosenFilters({ filters, agents, onChange }: Omit<FilterBarProps, 'onClear'>) {
  const say = useWords(WORDS)
  const reasons = useWords(REASONS)
  const orders = Object.keys(ORDERS) as (keyof typeof ORDERS)[]
  return (
    <>
      <div class="xl:col-span-2">
        <ChoiceField
          label={say.agent}
          value={filters.agent}
          choices={[
            ['', say.anyAgent],
            ...agents.map(({ agentId, name }) => [agentId, name] as const),
          ]}
          onChoose={(agent) => onChange('agent', agent)}
        />
      </div>
      <ChoiceField
        label={say.status}
        value={filters.status}
        choices={[['', say.anyStatus], ...STATUSES.map((status) => [status, say[status]] as const)]}
        onChoose={(status) => onChange('status', status)}
      />
      <div class="xl:col-span-2">
        <ChoiceField
          label={say.reason}
          value={filters.reason}
          choices={[['', say.anyReason], ...Object.entries(reasons)]}
          onChoose={(reason) => onChange('reason', reason)}
        />
      </div>
      <div class="xl:col-span-2">
        <ChoiceField
          label={say.order}
          value={filters.order || 'newest'}
          choices={orders.map((order) => [order, say[order]] as const)}
          onChoose={(order) => onChange('order', order === 'newest' ? '' : order)}
        />
      </div>
    </>
  )
}

/** When the calls began. */
function PeriodFilter({ filters, onChange }: Pick<FilterBarProps, 'filters' | 'onChange'>) {
  const say = useWords(WORDS)
  return (
    <>
      {(['from', 'until'] as const).map((end) => (
        <div key={end} class="col-span-2">
          <TextField
            label={say[end]}
            type="datetime-local"
            value={filters[end]}
            onInput={(time) => onChange(end, time)}
          />
        </div>
      ))}
    </>
  )
}

/** What is typed counts once the user has stopped for a moment. */
const TYPING_MS = 300

function TypedField(props: {
  readonly label: string
  readonly type: 'search' | 'number' | 'text'
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const [typed, setTyped] = useState(props.value)
  useEffect(() => setTyped(props.value), [props.value])
  useEffect(() => {
    if (typed === props.value) return
    const timer = setTimeout(() => props.onChange(typed), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return <TextField label={props.label} type={props.type} value={typed} onInput={setTyped} />
}
