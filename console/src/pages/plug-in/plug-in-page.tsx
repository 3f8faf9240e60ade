import { useState } from 'preact/hooks'
import { useLoaded } from '../../base/loaded.ts'
import { useWords } from '../../base/words.ts'
import type { Choice } from '../../providers/providers.ts'
import { TestButton } from '../../providers/test-button.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Failure, useFailureText } from '../../ui/failure.tsx'
import { ChoiceField, TextField } from '../../ui/field.tsx'
import { Link } from '../../ui/link.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { toast } from '../../ui/toast.tsx'
import { describeAgent, listAgents, updateAgent, type Agent } from '../agents/agents.ts'
import { useTask } from '../agents/editor.ts'
import { environmentText, PRESETS } from './presets.ts'
import { WORDS } from './words.ts'

interface Model {
  readonly baseUrl: string
  readonly model: string
  readonly keyEnv: string
}

const choiceOf = ({ baseUrl, model, keyEnv }: Model): Choice => ({
  provider: 'openai',
  baseUrl: baseUrl.trim(),
  model: model.trim(),
  ...(keyEnv.trim() !== '' && { apiKeyEnv: keyEnv.trim() }),
})

/** A language model for the agents: where it is, whether it works, and who is to think with it. */
export function PlugInPage() {
  const say = useWords(WORDS)
  const [model, setModel] = useState<Model>({ baseUrl: '', model: '', keyEnv: '' })
  const [workingKey, setWorkingKey] = useState('')
  const choice = choiceOf(model)
  const isComplete = model.baseUrl.trim() !== '' && model.model.trim() !== ''
  const isTested = workingKey === JSON.stringify(choice)
  return (
    <Page title={say.title} lead={say.lead}>
      <div class="grid max-w-3xl gap-4">
        <Card>
          <div class="grid gap-4">
            <ModelFields model={model} onChange={setModel} />
            <TestButton
              kind="llm"
              choice={choice}
              isDisabled={!isComplete}
              onReport={({ isWorking }) => setWorkingKey(isWorking ? JSON.stringify(choice) : '')}
              onModel={(name) => setModel({ ...model, model: name })}
            />
          </div>
        </Card>
        {isComplete && (
          <Card title={say.use}>
            <p class="text-sm text-muted">{isTested ? say.useText : say.testFirst}</p>
            {isTested && <UseIt choice={choice} model={model} />}
          </Card>
        )}
        <p class="text-sm text-muted">
          {say.others} <Link href="/agents">{say.toAgents}</Link>
        </p>
      </div>
    </Page>
  )
}

function ModelFields(props: { readonly model: Model; readonly onChange: (model: Model) => void }) {
  const { model, onChange } = props
  const say = useWords(WORDS)
  const preset = PRESETS.find(({ baseUrl }) => baseUrl === model.baseUrl)
  return (
    <div class="grid gap-4 sm:grid-cols-2">
      <ChoiceField
        label={say.service}
        value={preset?.id ?? ''}
        choices={[['', say.own], ...PRESETS.map(({ id, name }) => [id, name] as const)]}
        onChoose={(id) => {
          const chosen = PRESETS.find((one) => one.id === id)
          onChange(chosen ?? { ...model, baseUrl: '' })
        }}
      />
      <TextField
        label={say.baseUrl}
        type="url"
        value={model.baseUrl}
        placeholder="http://127.0.0.1:11434/v1"
        hint={say.baseUrlHint}
        onInput={(baseUrl) => onChange({ ...model, baseUrl })}
      />
      <TextField
        label={say.model}
        value={model.model}
        hint={say.modelHint}
        onInput={(name) => onChange({ ...model, model: name })}
      />
      <TextField
        label={say.keyEnv}
        value={model.keyEnv}
        placeholder="OPENAI_API_KEY"
        hint={say.keyEnvHint}
        onInput={(keyEnv) => onChange({ ...model, keyEnv })}
      />
    </div>
  )
}

function UseIt({ choice, model }: { choice: Choice; model: Model }) {
  const say = useWords(WORDS)
  const agents = useLoaded(listAgents, '')
  if (agents.state === 'failed') return <Failure failure={agents.failure} />
  return (
    <div class="mt-4 grid gap-5">
      {agents.value !== undefined && agents.value.length > 0 && (
        <ForAgent agents={agents.value} choice={choice} />
      )}
      <div class="min-w-0">
        <p class="mb-2 text-sm font-medium">{say.forServer}</p>
        <CodeBlock code={environmentText(model)} label={say.environment} />
      </div>
    </div>
  )
}

function ForAgent({ agents, choice }: { agents: readonly Agent[]; choice: Choice }) {
  const say = useWords(WORDS)
  const told = useFailureText()
  const [agentId, setAgentId] = useState(agents[0]?.agentId ?? '')
  const [usedBy, setUsedBy] = useState('')
  const [apply, isBusy] = useTask(async () => {
    const before = await describeAgent(agentId)
    if (!before.ok) return before
    const { name, config, providers } = before.value
    return updateAgent({ agentId, name, config, providers: { ...providers, llm: choice } })
  })
  const onUse = async (): Promise<void> => {
    const done = await apply()
    if (!done.ok) return toast(told(done.failure), 'error')
    setUsedBy(agentId)
    toast(say.used)
  }
  return (
    <div class="flex flex-wrap items-end gap-3">
      <div class="min-w-48 flex-1">
        <ChoiceField
          label={say.agent}
          value={agentId}
          choices={agents.map((agent) => [agent.agentId, agent.name] as const)}
          onChoose={setAgentId}
        />
      </div>
      <Button kind="primary" isBusy={isBusy} onClick={() => void onUse()}>
        {say.useForAgent}
      </Button>
      {usedBy === agentId && (
        <LinkButton href={`/talk?agent=${agentId}`} icon="phone">
          {say.talk}
        </LinkButton>
      )}
    </div>
  )
}
