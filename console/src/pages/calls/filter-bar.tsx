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

export function FilterBar({ filters, agents, onChange, onClear }: FilterBarProps) {
  const say = useWords(WORDS)
  const reasons = useWords(REASONS)
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
          choices={[
            ['', say.anyStatus],
            ...(['Created', 'Executing', 'Finished'] as const).map(
              (status) => [status, say[status]] as const,
            ),
          ]}
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
            choices={(Object.keys(ORDERS) as (keyof typeof ORDERS)[]).map(
              (order) => [order, say[order]] as const,
            )}
            onChoose={(order) => onChange('order', order === 'newest' ? '' : order)}
          />
        </div>
        <div class="col-span-2">
          <TextField
            label={say.from}
            type="datetime-local"
            value={filters.from}
            onInput={(from) => onChange('from', from)}
          />
        </div>
        <div class="col-span-2">
          <TextField
            label={say.until}
            type="datetime-local"
            value={filters.until}
            onInput={(until) => onChange('until', until)}
          />
        </div>
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
