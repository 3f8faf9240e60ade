import { ask, CALL_API_VERSION, type Answer, type Body } from '../../base/api.ts'
import { readCall, type Call } from '../calls/calls.ts'
import type { CallLog } from './log.ts'

/** A file of what was recorded. Times are ms since 1970. */
export interface Recording {
  readonly kind: 'call' | 'sentence'
  readonly lineId: number | undefined
  readonly url: string
  readonly startMs: number
  readonly durationMs: number
  readonly sizeBytes: number
}

export interface CallDetails extends Call {
  readonly userData: string
  readonly recordings: readonly Recording[]
  readonly logUrl: string | undefined
}

/** All that is told of a call beside its log. */
export async function describeCall(instanceId: string): Promise<Answer<CallDetails>> {
  const [described, found] = await Promise.all([
    ask({
      action: 'DescribeAIAgentInstance',
      version: CALL_API_VERSION,
      parameters: { InstanceId: instanceId },
    }),
    ask({
      action: 'SearchAIAgentInstances',
      parameters: { InstanceId: instanceId, Total: 'None' },
    }),
  ])
  if (!described.ok) return described
  if (!found.ok) return found
  const [call] = found.value['Instances'] as readonly Body[]
  if (call === undefined) {
    return {
      ok: false,
      failure: { type: 'refused', code: 'InstanceNotFound', message: instanceId },
    }
  }
  const instance = described.value['Instance'] as Body
  const extras = (instance['antiphon'] ?? {}) as Body
  const { CallLogUrl, UserData } = instance
  return {
    ok: true,
    value: {
      ...readCall(call),
      userData: typeof UserData === 'string' ? UserData : '',
      recordings: ((extras['Recordings'] ?? []) as readonly Body[]).map(readRecording),
      logUrl: CallLogUrl === undefined ? undefined : samePlace(String(CallLogUrl)),
    },
  }
}

const readRecording = (recording: Body): Recording => ({
  kind: recording['Kind'] as Recording['kind'],
  lineId: recording['Id'] === undefined ? undefined : Number(recording['Id']),
  url: samePlace(String(recording['Url'])),
  startMs: Number(recording['StartTime']),
  durationMs: Number(recording['Duration']),
  sizeBytes: Number(recording['Size']),
})

/** The address at the server that this page came from, whatever name it is known by elsewhere. */
function samePlace(address: string): string {
  const { pathname, search } = new URL(address)
  return pathname + search
}

/** `undefined` when it is not kept any more. */
export async function fetchLog(logUrl: string): Promise<Answer<CallLog | undefined>> {
  try {
    const response = await fetch(logUrl)
    if (response.ok) return { ok: true, value: (await response.json()) as CallLog }
    if (response.status === 404) return { ok: true, value: undefined }
    const body = (await response.json().catch(() => ({}))) as Body
    const message = String(body['Message'] ?? `HTTP ${response.status}`)
    return { ok: false, failure: { type: 'refused', code: String(body['Code']), message } }
  } catch {
    return { ok: false, failure: { type: 'server-gone' } }
  }
}

/** The call as one line of NDJSON, with what was said. */
export async function exportCall(instanceId: string): Promise<Answer<string>> {
  const query = new URLSearchParams({ Action: 'ExportAIAgentInstances', Version: '2026-11-01' })
  try {
    const response = await fetch(`/?${query}`, {
      method: 'POST',
      headers: { 'x-antiphon-console': '1' },
      body: new URLSearchParams({ InstanceId: instanceId, WithSentences: 'true' }),
    })
    const text = await response.text()
    if (response.ok) return { ok: true, value: text }
    const { Code, Message } = JSON.parse(text) as Record<string, string>
    return {
      ok: false,
      failure: { type: 'refused', code: Code ?? '', message: Message ?? `HTTP ${response.status}` },
    }
  } catch {
    return { ok: false, failure: { type: 'server-gone' } }
  }
}
