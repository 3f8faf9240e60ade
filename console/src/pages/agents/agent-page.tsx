import { useEffect, useState } from 'preact/hooks'
import { apiDescription, resolve, type ApiDescription, type Schema } from '../../base/open-api.ts'
import { useLoaded } from '../../base/loaded.ts'
import { usePlace, go, withQuery } from '../../base/router.ts'
import { useWords } from '../../base/words.ts'
import { check } from '../../schema-form/check.ts'
import { ProvidersForm } from '../../providers/providers-form.tsx'
import { SchemaForm } from '../../schema-form/schema-form.tsx'
import type { PageProps } from '../../shell/pages.ts'
import { updateRunningCall } from '../../talk/talk-desk.ts'
import { TalkBeside } from '../../talk/talk-beside.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Failure, useFailureText } from '../../ui/failure.tsx'
import { TextField } from '../../ui/field.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { toast } from '../../ui/toast.tsx'
import { describeAgent, updateAgent, type Agent } from './agents.ts'
import { draftOf, isSame, useLeaveGuard, useTask, type Draft } from './editor.ts'
import { GROUPS, membersOf, type Group } from './groups.ts'
import { DifferencesView, JsonView, PromptView } from './views.tsx'
import { WORDS } from './words.ts'

const CONFIG: Schema = { $ref: '#/components/schemas/AIAgentConfig' }

export function AgentPage({ id = '' }: PageProps) {
  const say = useWords(WORDS)
  const agent = useLoaded(() => describeAgent(id), id)
  const [api, setApi] = useState<ApiDescription | undefined>()
  useEffect(() => void apiDescription().then(setApi, () => undefined), [])
  if (agent.state === 'failed' && agent.value === undefined)
    return (
      <Page title={id} actions={<LinkButton href="/agents">{say.back}</LinkButton>}>
        <Failure failure={agent.failure} onRetry={agent.reload} />
      </Page>
    )
  if (agent.value === undefined || api === undefined) return null
  return <Editor key={id} agent={agent.value} api={api} onSaved={agent.reload} />
}

interface EditorProps {
  readonly agent: Agent
  readonly api: ApiDescription
  readonly onSaved: () => void
}

function Editor({ agent, api, onSaved }: EditorProps) {
  const say = useWords(WORDS)
  const told = useFailureText()
  const [draft, setDraft] = useState<Draft>(() => draftOf(agent))
  const isChanged = !isSame(draft, draftOf(agent))
  useLeaveGuard(isChanged)
  const issues = check(CONFIG, draft.config, api)
  const [save, isSaving] = useTask(() => updateAgent({ agentId: agent.agentId, ...draft }))
  const onSave = async (): Promise<void> => {
    const saved = await save()
    if (!saved.ok) return toast(told(saved.failure), 'error')
    const isLive = await updateRunningCall(agent.agentId, draft.config)
    toast(isLive ? say.savedLive : say.saved)
    onSaved()
  }
  return (
    <Page
      title={draft.name}
      lead={<span class="font-mono text-xs">{agent.agentId}</span>}
      actions={
        <>
          {isChanged && (
            <>
              <span class="self-center text-sm text-muted">
                {issues.length > 0 ? say.issues(issues.length) : say.unsaved}
              </span>
              <Button onClick={() => setDraft(draftOf(agent))}>{say.discard}</Button>
            </>
          )}
          <LinkButton href="/agents">{say.back}</LinkButton>
          <Button
            kind="primary"
            isDisabled={!isChanged || issues.length > 0}
            isBusy={isSaving}
            onClick={() => void onSave()}
          >
            {say.save}
          </Button>
        </>
      }
    >
      <div class="grid gap-6 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <Parts draft={draft} onChange={setDraft} api={api} issues={issues} />
        <aside class="min-w-0">
          <div class="xl:sticky xl:top-6">
            {isChanged && <p class="mb-2 text-xs text-muted">{say.talkUnsaved}</p>}
            <TalkBeside agentId={agent.agentId} agentName={agent.name} />
          </div>
        </aside>
      </div>
    </Page>
  )
}

const VIEWS = ['providers', 'json', 'differences', 'prompt'] as const
type View = Group | (typeof VIEWS)[number]

interface PartsProps {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  readonly api: ApiDescription
  readonly issues: ReturnType<typeof check>
}

function Parts({ draft, onChange, api, issues }: PartsProps) {
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
          {view === 'json' ? (
            <JsonView
              value={draft.config}
              note={say.jsonText}
              onChange={(config) => onChange({ ...draft, config })}
            />
          ) : view === 'providers' ? (
            <>
              <ProvidersForm
                value={draft.providers}
                onChange={(providers) => onChange({ ...draft, providers })}
              />
              <details class="mt-5">
                <summary class="cursor-pointer text-sm font-medium text-muted">JSON</summary>
                <div class="mt-3">
                  <JsonView
                    value={draft.providers}
                    note={say.providersText}
                    onChange={(providers) => onChange({ ...draft, providers })}
                  />
                </div>
              </details>
            </>
          ) : view === 'differences' ? (
            <DifferencesView schema={CONFIG} config={draft.config} api={api} />
          ) : view === 'prompt' ? (
            <PromptView config={draft.config} />
          ) : (
            <SchemaForm
              schema={CONFIG}
              value={draft.config}
              only={membersOf(view, members)}
              onChange={(config) => onChange({ ...draft, config })}
              api={api}
              issues={issues}
            />
          )}
        </Card>
      </div>
    </div>
  )
}
