import { useEffect, useState } from 'preact/hooks'
import { apiDescription, type ApiDescription, type Operation } from '../../base/open-api.ts'
import { useWords } from '../../base/words.ts'
import type { PageProps } from '../../shell/page-props.ts'
import { Failure } from '../../ui/failure.tsx'
import { INPUT } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { OperationView } from './operation-view.tsx'
import { WORDS } from './words.ts'

const FIRST = 'ListAIAgentInstance'

export function ExplorerPage({ id = FIRST }: PageProps) {
  const say = useWords(WORDS)
  const [api, setApi] = useState<ApiDescription | undefined>()
  const [isGone, setGone] = useState(false)
  const load = (): void => {
    setGone(false)
    apiDescription().then(setApi, () => setGone(true))
  }
  useEffect(load, [])
  const chosen = api?.operations.find(({ name }) => name === id) ?? api?.operations[0]
  return (
    <Page title={say.title} lead={say.lead}>
      {isGone && <Failure failure={{ type: 'server-gone' }} onRetry={load} />}
      {api && chosen && (
        <div class="grid gap-6 lg:grid-cols-[16rem_minmax(0,1fr)]">
          <OperationList operations={api.operations} chosen={chosen} />
          <OperationView key={chosen.name} operation={chosen} api={api} />
        </div>
      )}
    </Page>
  )
}

interface OperationListProps {
  readonly operations: readonly Operation[]
  readonly chosen: Operation
}

function OperationList({ operations, chosen }: OperationListProps) {
  const say = useWords(WORDS)
  const [sought, setSought] = useState('')
  const found = operations.filter(({ name, summary }) =>
    `${name} ${summary}`.toLowerCase().includes(sought.trim().toLowerCase()),
  )
  const versions = [...new Set(found.map(({ version }) => version))]
  return (
    <nav aria-label={say.operations} class="min-w-0 lg:sticky lg:top-6 lg:self-start">
      <input
        type="search"
        class={INPUT}
        aria-label={say.search}
        placeholder={say.search}
        value={sought}
        onInput={(event) => setSought(event.currentTarget.value)}
      />
      <div class="mt-3 max-h-48 overflow-y-auto lg:max-h-[calc(100dvh-12rem)]">
        {versions.map((version) => (
          <section key={version} class="mb-4">
            <h2 class="px-2 pb-1 text-xs font-medium text-muted">{version}</h2>
            <ul>
              {found
                .filter((operation) => operation.version === version)
                .map(({ name }) => (
                  <li key={name}>
                    <a
                      href={`/explorer/${name}`}
                      data-go=""
                      aria-current={name === chosen.name ? 'page' : undefined}
                      class={`block truncate rounded-lg px-2 py-1.5 text-sm focus-visible:-outline-offset-2 ${name === chosen.name ? 'bg-accent-tint font-medium text-accent' : 'hover:bg-fill'}`}
                    >
                      {name}
                    </a>
                  </li>
                ))}
            </ul>
          </section>
        ))}
        {found.length === 0 && <p class="px-2 text-sm text-muted">{say.nothing}</p>}
      </div>
    </nav>
  )
}
