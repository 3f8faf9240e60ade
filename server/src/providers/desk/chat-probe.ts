import type { Clock } from '../../base/clock.ts'
import type { TestReport, TestWarning } from '../../ports/provider-desk.ts'
import { ChatReader } from '../openai/chat-reader.ts'
import { chatBody, chatUrl } from '../openai/chat-request.ts'
import { SseReader } from '../openai/sse.ts'
import { errorCode, memberOf } from '../provider-http.ts'
import { codeOfFetch, networkProblem, statusProblem } from './problems.ts'

/** Who asks waits no longer than so for the whole. */
export const PROBE_LIMIT_MS = 12_000
/** A first word that takes longer makes a slow conversation. */
const SLOW_MS = 1500
const MODELS_LIMIT_MS = 1500
const ANSWER_LIMIT_CHARS = 300
const REFUSAL_LIMIT_CHARS = 16_384
const MODELS_LIMIT_CHARS = 4_000_000
const MODELS_SHOWN = 12

const QUESTION = 'Say in one short sentence that you can hear me.'

export interface ChatEndpoint {
  readonly baseUrl: string
  readonly model: string
  readonly apiKey?: string | undefined
}

interface Asked {
  readonly endpoint: ChatEndpoint
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly startedMs: number
}

/** Asks a model as a call would, and says precisely what is wrong if it does not answer. */
export async function probeChat(endpoint: ChatEndpoint, clock: Clock): Promise<TestReport> {
  const { host } = new URL(endpoint.baseUrl)
  const abort = new AbortController()
  const cancel = clock.after(PROBE_LIMIT_MS, () => abort.abort())
  const asked = { endpoint, clock, signal: abort.signal, startedMs: clock.nowMs() }
  try {
    return await ask(asked)
  } catch (error) {
    if (!abort.signal.aborted) return networkProblem(codeOfFetch(error), host)
    const message = `${host} took the connection, but gave no whole answer in ${PROBE_LIMIT_MS / 1000} s.`
    return { problem: 'timeout', message, warnings: [] }
  } finally {
    cancel()
    abort.abort()
  }
}

async function ask(asked: Asked): Promise<TestReport> {
  const { endpoint, signal } = asked
  const url = chatUrl(endpoint.baseUrl, '')
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...bearerOf(endpoint),
    },
    body: chatBody(url, endpoint.model, {
      messages: [{ role: 'user', content: QUESTION }],
      extendData: { instanceId: 'test', channelId: 'test', sentenceId: 1 },
      extraQuery: '',
    }),
    signal,
  })
  if (!response.ok) return refusal(response, asked)
  const type = response.headers.get('content-type') ?? ''
  if (/^text\/html/i.test(type)) {
    const message = `At ${url.host}${url.pathname} there is a web page, not a model. Check the address.`
    return { problem: 'answer', message, warnings: [] }
  }
  return readAnswer(response, asked, /application\/json/i.test(type))
}

/** What a refusal means; whether there is such a model is asked besides. */
async function refusal(response: Response, { endpoint }: Asked): Promise<TestReport> {
  const { host } = new URL(endpoint.baseUrl)
  const text = (await response.text().catch(() => '')).slice(0, REFUSAL_LIMIT_CHARS)
  const body = parsed(text)
  const error = memberOf(body, 'error') ?? body
  const code = errorCode(error).replace(/^ \(|\)$/g, '')
  const about =
    memberOf(error, 'param') === 'model' || /\bmodel\b/i.test(String(memberOf(error, 'message')))
  const hasKey = endpoint.apiKey !== undefined
  const report = statusProblem(response.status, code, { host, hasKey })
  const isPath = report.problem === 'address'
  const isModel = report.problem === 'model' || ((isPath || response.status === 400) && about)
  if (!isPath && !isModel) return report
  const models = await modelsOf(endpoint)
  // A server that has a list of models has a chat too, or it is another path that is wrong.
  if (!isModel && (models === undefined || models.includes(endpoint.model))) return report
  const told = `${host} answers with HTTP ${response.status}`
  const message = `${told}: it does not know the model ${endpoint.model}.`
  if (models === undefined || models.length === 0)
    return { problem: 'model', message, warnings: [] }
  const shown = models.slice(0, MODELS_SHOWN)
  const list = `It has ${shown.join(', ')}${models.length > shown.length ? ', …' : ''}.`
  return { problem: 'model', message: `${message} ${list}`, warnings: [], models: shown }
}

/** The models that the server lists; `undefined` when it lists none. */
async function modelsOf(endpoint: ChatEndpoint): Promise<readonly string[] | undefined> {
  try {
    const url = chatUrl(endpoint.baseUrl, '')
    url.pathname = url.pathname.replace(/chat\/completions$/, 'models')
    const response = await fetch(url, {
      headers: { accept: 'application/json', ...bearerOf(endpoint) },
      signal: AbortSignal.timeout(MODELS_LIMIT_MS),
    })
    if (!response.ok) return undefined
    const text = await response.text()
    const data = memberOf(parsed(text.slice(0, MODELS_LIMIT_CHARS)), 'data')
    if (!Array.isArray(data)) return undefined
    return data
      .map((model) => memberOf(model, 'id'))
      .filter((id) => typeof id === 'string')
      .filter((id) => /^[\w./:@+-]{1,128}$/.test(id))
  } catch {
    return undefined
  }
}

interface Heard {
  text: string
  pieces: number
  firstMs?: number
  hasThought: boolean
}

async function readAnswer(response: Response, asked: Asked, isWhole: boolean): Promise<TestReport> {
  const { clock, startedMs } = asked
  const { host } = new URL(asked.endpoint.baseUrl)
  const reader = new ChatReader()
  const heard: Heard = { text: '', pieces: 0, hasThought: false }
  let failure: string | undefined
  const take = (chunks: readonly string[]): void => {
    for (const chunk of chunks) {
      const step = reader.take(chunk)
      if (step.type === 'failure') failure ??= step.message
      if (step.type === 'thought') heard.hasThought = true
      if (step.type === 'text') {
        heard.text += step.text
        heard.pieces += 1
        heard.firstMs ??= clock.nowMs() - startedMs
      }
    }
  }
  if (isWhole) take([await response.text()])
  else await readEvents(response, take)
  const rest = reader.rest()
  heard.text += rest
  if (failure !== undefined && heard.text === '') {
    return { problem: 'answer', message: `${host} ${failure}.`, warnings: [] }
  }
  return reportOf(heard, { host, isWhole, totalMs: clock.nowMs() - startedMs })
}

async function readEvents(
  response: Response,
  take: (chunks: readonly string[]) => void,
): Promise<void> {
  const sse = new SseReader()
  for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    const events = sse.push(bytes)
    if (events === undefined) return
    take(events)
  }
  take(sse.end())
}

function reportOf(
  { text, pieces, firstMs, hasThought }: Heard,
  { host, isWhole, totalMs }: { host: string; isWhole: boolean; totalMs: number },
): TestReport {
  const answer = text.trim().slice(0, ANSWER_LIMIT_CHARS)
  if (answer === '') {
    const why = hasThought ? 'It only thought.' : 'Is it a chat model?'
    return { problem: 'empty', message: `${host} answered without a word. ${why}`, warnings: [] }
  }
  const first = firstMs ?? totalMs
  // All of it in one go, after a while: something on the way gathers it.
  const isGathered = isWhole || (pieces > 3 && first > 500 && totalMs - first < 5)
  const warnings: readonly TestWarning[] = [
    ...(isGathered ? (['no-streaming'] as const) : []),
    ...(first > SLOW_MS ? (['slow'] as const) : []),
    ...(hasThought ? (['thinks'] as const) : []),
  ]
  const said = [
    `It works: the first word came after ${Math.round(first)} ms.`,
    ...(isGathered ? ['It does not stream: users wait for the whole answer.'] : []),
    ...(first > SLOW_MS
      ? ['For a conversation that is slow: take a smaller or a nearer model.']
      : []),
    ...(hasThought ? ['It thinks before it speaks: switch that off where you can.'] : []),
  ]
  const times = { firstMs: Math.round(first), totalMs: Math.round(totalMs) }
  return { message: said.join(' '), warnings, answer, ...times }
}

const bearerOf = ({ apiKey }: ChatEndpoint): Readonly<Record<string, string>> =>
  apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
