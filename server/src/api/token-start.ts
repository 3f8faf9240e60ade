import type { Ids } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import type { Result } from '../base/result.ts'
import type { OperationContext } from '../operations/context.ts'
import { startByToken, type StartedByToken } from '../operations/start-by-token.ts'
import { messageOf, statusOf, type ApiError } from '../schema/errors.ts'
import type { FlowControl } from './flow-control.ts'
import type { RawRequest, RawResponse } from './raw-http.ts'

/** Who has a valid token, and for which channel. */
export interface TokenHolder {
  readonly channelId: string
  readonly userId: string
}

interface TokenStartDeps {
  readonly ids: Ids
  readonly log: Log
  mayStartByToken?(agentId: string): boolean
}

/**
 * The exchange by which the vendor's clients start a call over their channel: parameters of GenerateAIAgentCall as
 * JSON in, `{code: "200", requestId, data}` out, where `data` is JSON text, or another `code` and a message.
 */
export function createTokenStart(
  deps: TokenStartDeps,
  contextFor: (request: RawRequest) => OperationContext,
  flow: FlowControl | undefined,
): (request: RawRequest, holder: TokenHolder) => Promise<RawResponse> {
  const start = async (
    request: RawRequest,
    holder: TokenHolder,
  ): Promise<Result<StartedByToken, ApiError>> => {
    const throttled = flow?.admit(`channel ${holder.channelId}`, 'GenerateAIAgentCall')
    if (throttled !== undefined) return { ok: false, error: throttled }
    const mayStartByToken = (agentId: string): boolean => deps.mayStartByToken?.(agentId) ?? false
    const context = { ...contextFor(request), mayStartByToken }
    return startByToken(parse(request.body), holder, context)
  }
  return async (request, holder) => {
    const requestId = deps.ids.requestId()
    try {
      const started = await start(request, holder)
      if (started.ok) {
        return respond(200, { code: '200', requestId, data: JSON.stringify(started.value) })
      }
      return refuse(started.error, requestId)
    } catch (error) {
      const stack = error instanceof Error ? error.stack : String(error)
      deps.log.error('start by token failed', { requestId, error: stack })
      return refuse({ code: 'InternalError' }, requestId)
    }
  }
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}

const refuse = (error: ApiError, requestId: string): RawResponse =>
  respond(
    statusOf(error),
    { code: error.code, message: messageOf(error), requestId },
    error.headers,
  )

const respond = (
  status: number,
  body: { readonly code: string; readonly requestId: string } & Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): RawResponse => ({
  status,
  headers: {
    'content-type': 'application/json;charset=utf-8',
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
    'access-control-expose-headers': '*',
    'x-acs-request-id': body.requestId,
    ...headers,
  },
  body: JSON.stringify(body),
})
