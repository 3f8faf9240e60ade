import type { Outbound, OutboundAnswer, OutboundRequest } from '../../base/outbound.ts'
import { fail, ok, type Result } from '../../base/result.ts'
import type { ToolRequest, ToolRunner } from '../../ports/tools.ts'

/** A longer answer is refused: no model reads so much in the middle of a talk. */
const ANSWER_LIMIT_BYTES = 64 * 1024
/** Of an answer, so much goes to the model. */
const RESULT_LIMIT_CHARS = 16_384
/** Of a refusal's text, so much does. */
const REFUSAL_LIMIT_CHARS = 500
/** In a header's value: a variable of the server's environment. Only these can be had. */
const VARIABLE = /\$\{(TOOL_[A-Za-z0-9_]+)\}/g

/**
 * Functions as HTTP requests: arguments in a JSON body, or in the query of GET and DELETE. `outbound` refuses
 * addresses that the operator does not allow. The request names the call and its turn
 * (`x-antiphon-instance-id`, `x-antiphon-turn-id`).
 */
export function httpTools(options: {
  readonly outbound: Outbound
  readonly environment: (name: string) => string | undefined
}): ToolRunner {
  return {
    run(request, onResult) {
      const abort = new AbortController()
      const { signal } = abort
      const tell = async (): Promise<void> => {
        const content = await resultOf(request, { ...options, signal })
        if (!signal.aborted) onResult(content)
      }
      void tell()
      return { cancel: () => abort.abort() }
    },
  }
}

async function resultOf(
  request: ToolRequest,
  { outbound, environment, signal }: Parameters<typeof httpTools>[0] & { signal: AbortSignal },
): Promise<string> {
  const made = httpRequest(request, environment)
  if (!made.ok) {
    await Promise.resolve()
    return problem(made.error)
  }
  const answer = await outbound.request({ ...made.value, signal })
  return answer.ok ? contentOf(answer.value) : problem(answer.error.message)
}

/** The error is for the model, which may try again with better arguments. */
function httpRequest(
  { tool, arguments: given, instanceId, turnId }: ToolRequest,
  environment: (name: string) => string | undefined,
): Result<OutboundRequest, string> {
  const args = parseArguments(given)
  if (args === undefined) return fail('the arguments must be a JSON object')
  const headers = headersOf(tool.headers, environment)
  if (!headers.ok) return headers
  const url = new URL(tool.url)
  const isInQuery = tool.method === 'GET' || tool.method === 'DELETE'
  if (isInQuery) {
    for (const [name, value] of Object.entries(args)) url.searchParams.set(name, asText(value))
  }
  return ok({
    method: tool.method,
    url: url.href,
    headers: {
      accept: 'application/json, text/plain;q=0.9, */*;q=0.1',
      ...(isInQuery ? {} : { 'content-type': 'application/json' }),
      ...headers.value,
      'x-antiphon-instance-id': instanceId,
      'x-antiphon-turn-id': String(turnId),
    },
    ...(isInQuery ? {} : { body: JSON.stringify(args) }),
    timeoutMs: tool.timeoutMs,
    limitBytes: ANSWER_LIMIT_BYTES,
  })
}

function parseArguments(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

function headersOf(
  headers: Readonly<Record<string, string>>,
  environment: (name: string) => string | undefined,
): Result<Readonly<Record<string, string>>, string> {
  const missing: string[] = []
  const filled = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    value.replace(VARIABLE, (_, variable: string) => {
      const found = environment(variable)?.trim()
      if (found === undefined || found === '') missing.push(variable)
      return found ?? ''
    }),
  ])
  if (missing.length > 0) return fail(`the server has no variable ${missing.join(', ')}`)
  return ok(Object.fromEntries(filled) as Record<string, string>)
}

function contentOf({ status, headers, body }: OutboundAnswer): string {
  const type = headers['content-type'] ?? 'text/plain'
  const isText = /json|text|xml|urlencoded/i.test(type)
  const text = isText ? new TextDecoder().decode(body) : ''
  if (status < 200 || status > 299) {
    const said = text.slice(0, REFUSAL_LIMIT_CHARS)
    return problem(`the function answered with HTTP ${status}${said === '' ? '' : `: ${said}`}`)
  }
  if (!isText && body.length > 0)
    return problem(`the function answered with ${type}, not with text`)
  if (text.trim() === '') return '{"ok":true}'
  return text.length > RESULT_LIMIT_CHARS ? `${text.slice(0, RESULT_LIMIT_CHARS)} … (cut)` : text
}

const problem = (message: string): string => JSON.stringify({ error: message })
