import type { WebSocket } from 'ws'
import { SimulatedClock } from '../../src/base/simulated-clock.ts'
import { simulatedIds } from '../../src/base/simulated-ids.ts'
import type { Fault } from '../../src/ports/provider-faults.contract.ts'
import {
  dashScopeAsr,
  type DashScopeAsrOptions,
} from '../../src/providers/dashscope/dashscope-asr.ts'
import {
  DashScopeTts,
  type DashScopeTtsOptions,
} from '../../src/providers/dashscope/dashscope-tts.ts'
import { socketServer, toneFor } from './local-server.ts'

interface Command {
  readonly header: { readonly action: string; readonly task_id: string; readonly streaming: string }
  readonly payload: {
    readonly model?: string
    readonly task?: string
    readonly parameters?: Readonly<Record<string, unknown>>
    readonly input?: { readonly text?: string }
  }
}

export interface Seen {
  /** One for each connection: its headers and the commands that came. */
  readonly connections: {
    readonly authorization: string | undefined
    readonly workspace: string | undefined
    readonly commands: Command[]
  }[]
}

const WORDS = ['Turn', 'on', 'the', 'lights.']
const FRAMES_PER_WORD = 10

/** DashScope's WebSocket protocol for speech, as its documentation has it, or failing. */
async function serve(given?: Fault | string) {
  let fault = given
  const seen: Seen = { connections: [] }
  let refusals = 0
  const url = await socketServer(
    () => fault as Fault | undefined,
    (socket, request) => {
      const { authorization } = request.headers
      const workspace = request.headers['x-dashscope-workspace'] as string | undefined
      const commands: Command[] = []
      seen.connections.push({ authorization, workspace, commands })
      serveTasks(socket, commands, () => fault)
    },
  )
  const clock = new SimulatedClock()
  const access = {
    clock,
    ids: simulatedIds(),
    url: `${url}/api-ws/v1/inference`,
    apiKey: 'sk-secret',
  }
  const asked = (): number =>
    // A refused handshake never becomes a connection.
    fault === '429' || fault === '500' ? (refusals += 1) : seen.connections.length
  const behave = (): void => void (fault = undefined)
  return { access, clock, seen, asked, behave }
}

function serveTasks(socket: WebSocket, commands: Command[], fault: () => string | undefined): void {
  let task: Command | undefined
  let loud = 0
  let text = ''
  const tell = (event: string, payload: object = {}, more: object = {}): void =>
    socket.send(
      JSON.stringify({
        header: { task_id: task?.header.task_id, event, attributes: {}, ...more },
        payload,
      }),
    )
  const sentence = (words: string, isEnd: boolean): void =>
    tell('result-generated', {
      output: {
        sentence: {
          begin_time: 170,
          end_time: isEnd ? 920 : null,
          text: words,
          heartbeat: false,
          sentence_end: isEnd,
          words: [],
        },
      },
      usage: null,
    })
  const run = (): void => {
    if (fault() === 'slow first byte') return
    if (fault() === 'closed socket') return socket.terminate()
    if (fault() === 'malformed chunk') return socket.send('{"header":{"event":"task-sta')
    if (fault()?.startsWith('code ')) {
      const error_code = fault()?.slice(5)
      return tell('task-failed', {}, { error_code, error_message: 'Confidential sk-secret' })
    }
    loud = 0
    text = ''
    tell('task-started')
  }
  const finish = (): void => {
    if (task?.payload.task === 'tts') return speak()
    if (fault() === 'stall in the middle') return
    if (fault() === '10 MB of reply') return socket.send('x'.repeat(10_000_000))
    if (loud > 0) sentence(WORDS.join(' '), true)
    tell('task-finished', { output: {}, usage: null })
  }
  const speak = (): void => {
    const { rate, sample_rate: hz } = task?.payload.parameters ?? {}
    const sound = toneFor(text, { rate: Number(rate), hz: Number(hz) })
    socket.send(sound.subarray(0, 2001))
    if (fault() === 'stall in the middle') return
    if (fault() === '10 MB of reply') {
      for (let part = 0; part < 20; part++) socket.send(Buffer.alloc(500_000, 1))
    } else socket.send(sound.subarray(2001))
    tell('task-finished', { output: {}, usage: { characters: text.length } })
  }
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) {
      if (new Int16Array(new Uint8Array(data).buffer).some((one) => Math.abs(one) > 200)) loud += 1
      const count = Math.min(WORDS.length, Math.floor(loud / FRAMES_PER_WORD))
      if (count > 0 && loud % FRAMES_PER_WORD === 0)
        sentence(WORDS.slice(0, count).join(' '), false)
      return
    }
    const command = JSON.parse(data.toString()) as Command
    commands.push(command)
    const { action } = command.header
    if (action === 'run-task') {
      task = command
      run()
    } else if (action === 'continue-task') text += command.payload.input?.text ?? ''
    else finish()
  })
}

export async function serveDashScopeAsr(
  fault?: Fault | string,
  options: Partial<DashScopeAsrOptions> = {},
) {
  const server = await serve(fault)
  const provider = dashScopeAsr({ ...server.access, ...options })
  return { ...server, provider, release() {} }
}

export async function serveDashScopeTts(
  fault?: Fault | string,
  options: Partial<DashScopeTtsOptions> = {},
) {
  const server = await serve(fault)
  const provider = new DashScopeTts({ ...server.access, ...options })
  return { ...server, provider, release: () => provider.close() }
}
