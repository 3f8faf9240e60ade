import { useState } from 'preact/hooks'
import { timeText } from '../../base/format.ts'
import { useLoaded } from '../../base/loaded.ts'
import { go } from '../../base/router.ts'
import { useWords } from '../../base/words.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Failure, useFailureText } from '../../ui/failure.tsx'
import { Link } from '../../ui/link.tsx'
import { Card, Empty, focusTitle, Page } from '../../ui/page.tsx'
import { toast } from '../../ui/toast.tsx'
import { createAgent, deleteAgent, listAgents, type Agent } from './agents.ts'
import { WORDS } from './words.ts'

export function AgentsPage() {
  const say = useWords(WORDS)
  const told = useFailureText()
  const agents = useLoaded(listAgents, 'agents')
  const [leaving, setLeaving] = useState<Agent | undefined>()

  const make = async (name: string, from?: Agent): Promise<void> => {
    const made = await createAgent({ ...from, name })
    if (!made.ok) return toast(told(made.failure), 'error')
    toast(say.created(name))
    if (from === undefined) go(`/agents/${made.value}`)
    else agents.reload()
  }
  const remove = async (agent: Agent): Promise<void> => {
    setLeaving(undefined)
    const done = await deleteAgent(agent.agentId)
    if (!done.ok) return toast(told(done.failure), 'error')
    toast(say.removed(agent.name))
    // The button that had the focus goes with its row.
    focusTitle()
    agents.reload()
  }

  return (
    <Page
      title={say.title}
      lead={say.lead}
      actions={
        <>
          <LinkButton href="/plug-in">{say.plugIn}</LinkButton>
          <Button kind="primary" icon="plus" onClick={() => void make(say.newName)}>
            {say.create}
          </Button>
        </>
      }
    >
      {agents.state === 'failed' && <Failure failure={agents.failure} onRetry={agents.reload} />}
      {agents.value !== undefined && (
        <Card isFlush>
          {agents.value.length === 0 ? (
            <Empty title={say.empty}>{say.emptyText}</Empty>
          ) : (
            <AgentTable
              agents={agents.value}
              onCopy={(agent) => void make(say.copyOf(agent.name), agent)}
              onRemove={setLeaving}
            />
          )}
        </Card>
      )}
      {leaving && (
        <Dialog
          title={say.removeTitle(leaving.name)}
          onClose={() => setLeaving(undefined)}
          actions={
            <>
              <Button onClick={() => setLeaving(undefined)}>{say.cancel}</Button>
              <Button kind="danger" onClick={() => void remove(leaving)}>
                {say.remove}
              </Button>
            </>
          }
        >
          <p>{say.removeText}</p>
        </Dialog>
      )}
    </Page>
  )
}

interface AgentTableProps {
  readonly agents: readonly Agent[]
  readonly onCopy: (agent: Agent) => void
  readonly onRemove: (agent: Agent) => void
}

function AgentTable({ agents, onCopy, onRemove }: AgentTableProps) {
  const say = useWords(WORDS)
  return (
    <table class="w-full text-sm">
      <thead class="text-left text-xs text-muted">
        <tr class="border-b border-line">
          <th class="px-4 py-2.5 font-medium">{say.name}</th>
          <th class="hidden px-4 py-2.5 font-medium sm:table-cell">{say.type}</th>
          <th class="hidden px-4 py-2.5 font-medium md:table-cell">{say.modified}</th>
          <th class="px-4 py-2.5">
            <span class="sr-only">{say.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <tr key={agent.agentId} class="border-b border-line last:border-0 hover:bg-fill">
            <td class="w-full max-w-0 px-4 py-2.5 sm:w-auto sm:max-w-none">
              <p class="truncate">
                <Link href={`/agents/${agent.agentId}`}>{agent.name}</Link>
              </p>
              <p class="truncate font-mono text-xs text-muted" title={agent.agentId}>
                {agent.agentId}
              </p>
            </td>
            <td class="hidden px-4 py-2.5 sm:table-cell">
              <Badge>{agent.type}</Badge>
            </td>
            <td class="hidden px-4 py-2.5 text-muted tabular-nums md:table-cell">
              {timeText(agent.modifiedMs)}
            </td>
            <td class="px-2 py-2.5">
              <div class="flex justify-end gap-1">
                <Button
                  kind="quiet"
                  icon="phone"
                  label={`${say.talk}: ${agent.name}`}
                  onClick={() => go(`/talk?agent=${agent.agentId}`)}
                />
                <Button
                  kind="quiet"
                  icon="copy"
                  label={`${say.copy}: ${agent.name}`}
                  onClick={() => onCopy(agent)}
                />
                <Button
                  kind="quiet"
                  icon="trash"
                  label={`${say.remove}: ${agent.name}`}
                  onClick={() => onRemove(agent)}
                />
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
