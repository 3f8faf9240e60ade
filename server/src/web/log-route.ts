import type { RawResponse } from '../api/raw-http.ts'
import type { Store } from '../ports/store.ts'
import { jsonAnswer, OPEN_TO_ALL, refuse } from './answers.ts'
import { callLogPieces } from './call-log.ts'
import type { LogUrls } from './log-url.ts'

const LOG_PATH = /^\/logs\/([\w-]{1,64})\.json$/

/** The call that a path names, or `undefined` when it is not a log's. */
export const loggedCall = (path: string): string | undefined => LOG_PATH.exec(path)?.[1]

/** `GET /logs/{instanceId}.json?expires=…&signature=…` */
export async function answerLog(
  request: { readonly instanceId: string; readonly query: string; readonly requestId: string },
  deps: { readonly store: Pick<Store, 'getCall' | 'getTrace'>; readonly logUrls: LogUrls },
): Promise<RawResponse> {
  const { instanceId, query, requestId } = request
  const check = deps.logUrls.check(instanceId, new URLSearchParams(query))
  if (!check.ok) {
    const message =
      check.error === 'expired'
        ? 'This address has expired; Describe or List the instance for a new one.'
        : 'This address is not one of this server, or was changed.'
    return refuse({ code: 'InvalidCallLogUrl', message, requestId })
  }
  const call = await deps.store.getCall(instanceId)
  if (call === undefined || call.instance.status !== 'Finished') {
    const message = call === undefined ? 'There is no such call.' : 'This call is not finished yet.'
    return refuse({ code: 'CallLogNotFound', message, requestId })
  }
  if (call.instance.isLogDeleted === true) {
    const message = 'The log of this call was deleted when its time had come.'
    return refuse({ code: 'CallLogNotFound', message, requestId })
  }
  const trace = await deps.store.getTrace(instanceId)
  const headers = { ...OPEN_TO_ALL, 'x-acs-request-id': requestId }
  return { ...jsonAnswer(200, {}, headers), body: '', stream: onDemand(callLogPieces(call, trace)) }
}

async function* onDemand(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces
}
