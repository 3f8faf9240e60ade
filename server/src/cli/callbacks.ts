import { parseArgs } from 'node:util'
import { apiClient, SERVER_SETTINGS, type Answer, type ApiClient } from './api-client.ts'
import { UsageError, type Command, type CommandIo } from './command.ts'

const PAGE_SIZE = 100

/** Events of calls that could not be delivered to their receivers. */
export const callbacks: Command = {
  name: 'callbacks',
  summary: 'events of calls that could not be delivered: list them, send them again',
  usage: `npx antiphon callbacks list [--waiting] [--agent <id>] [--instance <id>] [--json]
npx antiphon callbacks resend [--agent <id>] [--instance <id>] [<event id> …]
npx antiphon callbacks secret <agent id>

list    tells which events were given up after a day of attempts (with --waiting:
        which are still to be delivered), newest first: id, event, call, attempts,
        and why the last attempt failed. --json prints one JSON object a line, with
        the body of each event.
resend  puts failed events back into the queue, for another day: those of an agent,
        of a call, or the ones named. They keep their ids.
secret  makes the secret that an agent's callbacks are signed with from now on, and
        prints it. It is not shown again; the one before is void.
${SERVER_SETTINGS}`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        waiting: { type: 'boolean' },
        json: { type: 'boolean' },
        agent: { type: 'string' },
        instance: { type: 'string' },
      },
    })
    const [what, ...rest] = positionals
    const selected = { AIAgentId: values.agent, InstanceId: values.instance }
    const api = (): ApiClient => apiClient(io.environment)
    if (what === 'list' && rest.length === 0) {
      const Status = values.waiting === true ? 'Waiting' : 'Failed'
      return list(api(), io, { ...selected, Status }, values.json === true)
    }
    if (what === 'resend') {
      const isAny = rest.length > 0 || values.agent !== undefined || values.instance !== undefined
      if (!isAny) throw new UsageError('Say which: --agent, --instance, or ids of events.')
      return resend(api(), io, { ...selected, ...(rest.length > 0 && { EventIds: rest }) })
    }
    if (what === 'secret') {
      const [agentId] = rest
      if (agentId === undefined || rest.length > 1)
        throw new UsageError('Give the id of one agent.')
      const made = await api().call('CreateCallbackSecret', { AIAgentId: agentId })
      await io.out(`${String(made['SigningSecret'])}\n`)
      return 0
    }
    throw new UsageError('There are: callbacks list, callbacks resend, callbacks secret.')
  },
}

async function list(
  api: ApiClient,
  io: CommandIo,
  selected: Readonly<Record<string, unknown>>,
  asJson: boolean,
): Promise<number> {
  for (let PageNumber = 1; ; PageNumber += 1) {
    const page = { ...selected, PageSize: PAGE_SIZE, PageNumber }
    const answer = await api.call('ListCallbacks', page)
    const found = (answer['Callbacks'] ?? []) as readonly Answer[]
    for (const one of found) await io.out(`${asJson ? JSON.stringify(one) : lineOf(one)}\n`)
    if (found.length === PAGE_SIZE) continue
    if (PageNumber === 1 && found.length === 0 && !asJson) io.err('No events.')
    return 0
  }
}

function lineOf(one: Answer): string {
  const { EventId, Event, InstanceId, Attempts, LastError = '', GmtCreate } = one
  const parts = [GmtCreate, EventId, Event, InstanceId, `${String(Attempts)} attempts`, LastError]
  return parts.map(String).join('  ').trimEnd()
}

async function resend(
  api: ApiClient,
  io: CommandIo,
  selected: Readonly<Record<string, unknown>>,
): Promise<number> {
  let total = 0
  for (;;) {
    const answer = await api.call('ResendCallbacks', selected)
    const resent = Number(answer['ResentCount'])
    total += resent
    if (resent === 0 || Number(answer['RemainingCount']) === 0) break
  }
  const what = total === 1 ? '1 event is' : `${total} events are`
  await io.out(`${what} on ${total === 1 ? 'its' : 'their'} way again.\n`)
  return total > 0 ? 0 : 1
}
