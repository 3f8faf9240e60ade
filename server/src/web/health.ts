import type { RawResponse } from '../api/raw-http.ts'
import type { Result } from '../base/result.ts'
import { jsonAnswer, refuse } from './answers.ts'

/** `/healthz`: the process lives. */
export const answerHealth = (requestId: string): RawResponse =>
  jsonAnswer(200, { RequestId: requestId, Status: 'ok' }, { 'x-acs-request-id': requestId })

/** `/readyz`: calls can be taken, or why not. */
export function answerReadiness(requestId: string, readiness: Result<void, string>): RawResponse {
  if (readiness.ok) {
    return jsonAnswer(
      200,
      { RequestId: requestId, Status: 'ready' },
      { 'x-acs-request-id': requestId },
    )
  }
  return refuse({ code: 'ServiceUnavailable', message: readiness.error, requestId })
}
