import { useEffect, useState } from 'preact/hooks'
import { apiDescription, type ApiDescription } from '../../base/open-api.ts'
import { useLoaded } from '../../base/loaded.ts'
import { useWords } from '../../base/words.ts'
import { check } from '../../schema-form/check.ts'
import type { PageProps } from '../../shell/page-props.ts'
import { updateRunningCall } from '../../talk/talk-desk.ts'
import { TalkBeside } from '../../talk/talk-beside.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Failure, useFailureText } from '../../ui/failure.tsx'
import { Page } from '../../ui/page.tsx'
import { toast } from '../../ui/toast.tsx'
import { describeAgent, updateAgent, type Agent } from './agents.ts'
import { CONFIG, draftOf, isSame, useLeaveGuard, useTask, type Draft } from './editor.ts'
import { Parts } from './parts.tsx'
import { WORDS } from './words.ts'

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
