import type { ApiHandler, RawRequest, RawResponse } from '../api/raw-http.ts'
import type { Result } from '../base/result.ts'
import type { Store } from '../ports/store.ts'
import { methodNotAllowed, OPEN_TO_ALL } from './answers.ts'
import { parseTarget } from './headers.ts'
import { answerHealth, answerReadiness } from './health.ts'
import { answerLog, loggedCall } from './log-route.ts'
import { LIVE_PATH, type LiveReaders, type LiveRouteDeps } from './live-route.ts'
import type { LogUrls } from './log-url.ts'
import { answerMetrics, METRICS_PATH, type MetricsRouteDeps } from './metrics-route.ts'
import { answerAsset, answerDocument, answerNoSuchPage, answerPage, wantsPage } from './page.ts'
import type { PageFile, PageFiles } from './page-files.ts'
import { answerRecording, recordingFile, type RecordingRouteDeps } from './recording-route.ts'
import { answerRtc, SDP_LIMIT_BYTES, type RtcRoutesDeps } from './rtc-routes.ts'
import type { Sessions } from './session.ts'
import { answerSession, SESSION_LIMIT_BYTES, SESSION_PATH } from './session-route.ts'

export interface RouterDeps extends RtcRoutesDeps, LiveRouteDeps, MetricsRouteDeps {
  readonly api: ApiHandler
  readonly store: Pick<Store, 'getCall' | 'getTrace'>
  readonly logUrls: LogUrls
  readonly recordings: RecordingRouteDeps['recordings']
  readonly recordingUrls: RecordingRouteDeps['recordingUrls']
  readonly page: PageFiles
  /** What `/openapi.json` answers. */
  readonly openApi: PageFile
  readonly sessions: Sessions
  readonly liveReaders: LiveReaders
  /** Whether calls can be taken; the error is the reason, for the operator. */
  readiness(): Result<void, string>
}

const API_LIMIT_BYTES = 10 * 1024 * 1024

/** How much of a body is read before the request is refused. */
export function bodyLimitBytes(target: string): number {
  const { path } = parseTarget(target)
  if (path === SESSION_PATH) return SESSION_LIMIT_BYTES
  return path.startsWith('/rtc/') ? SDP_LIMIT_BYTES : API_LIMIT_BYTES
}

/** Our own paths first; all else, `/` and what is found nowhere, is the API's to answer. */
export async function route(
  request: RawRequest,
  requestId: string,
  deps: RouterDeps,
): Promise<RawResponse> {
  const { path } = parseTarget(request.target)
  if (wantsPage(request)) return answerPage(request, deps)
  if (path === '/') return deps.api(request)
  if (path === SESSION_PATH) return answerSession(request, requestId, deps)
  if (path.startsWith('/rtc/')) {
    const answer = await answerRtc(request, requestId, deps)
    if (answer !== undefined) return answer
    const notFound = await deps.api(request)
    return { ...notFound, headers: { ...notFound.headers, ...OPEN_TO_ALL } }
  }
  const read = reader(request, path, requestId, deps)
  if (read === undefined) return answerNoSuchPage(request, deps) ?? deps.api(request)
  if (request.method === 'GET' || request.method === 'HEAD') {
    return (await read()) ?? deps.api(request)
  }
  return methodNotAllowed(requestId, 'GET, HEAD')
}

/** What answers a path that can only be read. */
function reader(
  request: RawRequest,
  path: string,
  requestId: string,
  deps: RouterDeps,
): (() => RawResponse | undefined | Promise<RawResponse>) | undefined {
  if (path === '/healthz') return () => answerHealth(requestId)
  if (path === '/readyz') return () => answerReadiness(requestId, deps.readiness())
  if (path === METRICS_PATH) return () => answerMetrics(request, deps)
  if (path === '/openapi.json') return () => answerDocument(request, deps.openApi)
  if (path.startsWith('/assets/')) return () => answerAsset(request, deps.page)
  const { query } = parseTarget(request.target)
  if (path === LIVE_PATH) return () => deps.liveReaders.answer(request, query, requestId, deps)
  const file = recordingFile(path)
  if (file !== undefined) return () => answerRecording(request, { file, query, requestId }, deps)
  const instanceId = loggedCall(path)
  if (instanceId === undefined) return undefined
  return () => answerLog({ instanceId, query, requestId }, deps)
}
