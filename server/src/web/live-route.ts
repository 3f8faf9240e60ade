import type { RawRequest, RawResponse } from '../api/raw-http.ts'
import type { Clock } from '../base/clock.ts'
import { jsonAnswer, unavailable } from './answers.ts'
import { liveDialogue, type LiveDialogueDeps } from './live-dialogue.ts'
import { liveList } from './live-list.ts'
import { LiveStream } from './live-stream.ts'
import type { Sessions, SignedIn } from './session.ts'

export const LIVE_PATH = '/console/live'
/** Readers at a time. */
export const READER_LIMIT = 64

export interface LiveRouteDeps extends LiveDialogueDeps {
  readonly sessions: Sessions
  readonly clock: Clock
  /** Whether whoever is signed in may call that operation; absent: they may. */
  readonly mayCall?:
    | ((signedIn: SignedIn, action: string, request: RawRequest) => boolean)
    | undefined
}

/** Who reads what goes on, so that all of them can be sent away. */
export class LiveReaders {
  readonly #streams = new Set<LiveStream>()

  /**
   * `GET /console/live`: server-sent events of all running calls; with `?call=<InstanceId>` those of one call, with
   * what is said in it. Only for a signed-in console.
   */
  answer(request: RawRequest, query: string, requestId: string, deps: LiveRouteDeps): RawResponse {
    const signedIn = deps.sessions.signedInAs(request)
    if (signedIn === undefined) {
      // As the API tells it to a page whose session has ended.
      const refusal = { RequestId: requestId, Message: NOT_SIGNED_IN, Code: 'MissingAccessKeyId' }
      return jsonAnswer(401, refusal)
    }
    const instanceId = new URLSearchParams(query).get('call')
    const action = instanceId === null ? 'SearchAIAgentInstances' : 'DescribeAIAgentInstance'
    const isPermitted = (now: SignedIn): boolean => deps.mayCall?.(now, action, request) ?? true
    if (!isPermitted(signedIn)) {
      const message = `You are not authorized to do this operation. Action: ice:${action}.`
      const refusal = { RequestId: requestId, Message: message, Code: 'NoPermission' }
      return jsonAnswer(403, refusal)
    }
    if (this.#streams.size >= READER_LIMIT) return unavailable(requestId)
    /** A key may be taken away while its user looks on. */
    const isStillPermitted = (): boolean => {
      const now = deps.sessions.signedInAs(request)
      return now !== undefined && isPermitted(now)
    }
    const stream = new LiveStream(deps.clock, (own) => {
      const source =
        instanceId === null ? liveList(deps.live, own) : liveDialogue(instanceId, deps, own)
      const close = (): void => {
        this.#streams.delete(own)
        source.close()
      }
      const collect = (): string | Promise<string> => {
        if (isStillPermitted()) return source.collect()
        own.close()
        return ''
      }
      return { collect, close }
    })
    this.#streams.add(stream)
    return {
      status: 200,
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        // A proxy that gathers answers would hold events back.
        'x-accel-buffering': 'no',
        'x-acs-request-id': requestId,
      },
      body: '',
      stream,
    }
  }

  /** Ends all streams: the server stops. */
  close(): void {
    for (const stream of this.#streams) stream.close()
  }
}

const NOT_SIGNED_IN = 'Only a signed-in console may look on.'
