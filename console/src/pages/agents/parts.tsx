import { resolve, type ApiDescription } from '../../base/open-api.ts'
import { usePlace, go, withQuery } from '../../base/router.ts'
import { useWords } from '../../base/words.ts'
import { ProvidersForm } from '../../providers/providers-form.tsx'
import type { Issue } from '../../schema-form/check.ts'
import { SchemaForm } from '../../schema-form/schema-form.tsx'
import { TextField } from '../../ui/field.tsx'
import { Card } from '../../ui/page.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { CONFIG, type Draft } from './editor.ts'
import { GROUPS, membersOf, type Group } from './groups.ts'
import { DifferencesView, JsonView, PromptView } from './views.tsx'
import { WORDS } from './words.ts'

const VIEWS = ['providers', 'json', 'differences', 'prompt'] as const
type View = Group | (typeof VIEWS)[number]

interface PartsProps {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  readonly api: ApiDescription
  readonly issues: readonly Issue[]
}

/** What an agent is made of, a tab for each part. */
export function Parts({ draft, onChange, api, issues }: PartsProps) {
  const say = useWords(WORDS)
  const place = usePlace()
  const views: readonly View[] = [...(Object.keys(GROUPS) as Group[]), 'more', ...VIEWS]
  const asked = place.query.get('part')
  const view = views.find((one) => one === asked) ?? 'listening'
  const members = Object.keys(resolve(CONFIG, api).properties ?? {})
  const groups = views.filter(
    (one) =>
      VIEWS.includes(one as (typeof VIEWS)[number]) || membersOf(one as Group, members).length > 0,
  )
  return (
    <div class="min-w-0">
      <div class="mb-4 max-w-md">
        <TextField
          label={say.name}
          value={draft.name}
          onInput={(name) => onChange({ ...draft, name })}
        />
      </div>
      <Tabs
        label={say.groups}
        tabs={groups.map((one) => [one, say[one]] as const)}
        chosen={view}
        isWrapped
        onChoose={(part) => go(withQuery({ part }), { replace: true })}
      />
      <div role="tabpanel" aria-label={say[view]} class="mt-4">
        <Card>
          <Part
            view={view}
            members={members}
            draft={draft}
            onChange={onChange}
            api={api}
            issues={issues}
          />
        </Card>
      </div>
    </div>
  )
}

interface PartProps extends PartsProps {
  readonly view: View
  /** Names of all sections of the configuration. */
  readonly members: readonly string[]
}

/** The part of the agent that is chosen. */
function Part({ view, members, draft, onChange, api, issues }: PartProps) {
  const say = useWords(WORDS)
  const onConfig = (config: Draft['config']): void => onChange({ ...draft, config })
  if (view === 'json')
    return <JsonView value={draft.config} note={say.jsonText} onChange={onConfig} />
  if (view === 'providers') return <ProvidersPart draft={draft} onChange={onChange} />
  if (view === 'differences')
    return <DifferencesView schema={CONFIG} config={draft.config} api={api} />
  if (view === 'prompt') return <PromptView config={draft.config} />
  return (
    <SchemaForm
      schema={CONFIG}
      value={draft.config}
      only={membersOf(view, members)}
      onChange={onConfig}
      api={api}
      issues={issues}
    />
  )
}

/** The models behind the agent: as a form, and as what is stored. */
function ProvidersPart({ draft, onChange }: Pick<PartsProps, 'draft' | 'onChange'>) {
  const say = useWords(WORDS)
  const onProviders = (providers: Draft['providers']): void => onChange({ ...draft, providers })
  return (
    <>
      <ProvidersForm value={draft.providers} onChange={onProviders} />
      <details class="mt-5">
        <summary class="cursor-pointer text-sm font-medium text-muted">JSON</summary>
        <div class="mt-3">
          <JsonView value={draft.providers} note={say.providersText} onChange={onProviders} />
        </div>
      </details>
    </>
  )
}
