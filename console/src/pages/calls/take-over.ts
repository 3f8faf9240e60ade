import type { AntiphonCall, CallError } from 'antiphon-client'
import { ask, CALL_API_VERSION, type ApiFailure } from '../../base/api.ts'
import { shared } from '../../base/value.ts'

/** The call in which whoever uses this page stands in the agent's place. */
export interface HumanPlace {
  readonly instanceId: string
  readonly status: 'joining' | 'here' | 'reconnecting'
  readonly isMuted: boolean
  /** The browser plays no sound before a click. */
  readonly isSilent: boolean
}

export const humanPlace = shared<HumanPlace | undefined>(undefined)

export type TakeOverProblem =
  | { readonly type: 'api'; readonly failure: ApiFailure }
  /** Of the microphone or the connection: `CallError.code` of the SDK. */
  | { readonly type: 'call'; readonly code: string }

let held: AntiphonCall | undefined

/** Opens the microphone, has the agent step back, and joins in its place. Resolves when both ends are connected. */
export async function takeOver(instanceId: string): Promise<TakeOverProblem | undefined> {
  const { AntiphonCall, openMicrophone } = await import('antiphon-client')
  const change = (part: Partial<HumanPlace>): void => {
    const now = humanPlace.now
    if (now?.instanceId === instanceId) humanPlace.set({ ...now, ...part })
  }
  humanPlace.set({ instanceId, status: 'joining', isMuted: false, isSilent: false })
  const give = (problem: TakeOverProblem): TakeOverProblem => {
    humanPlace.set(undefined)
    return problem
  }
  try {
    // First: without it the agent had better go on.
    const microphone = await openMicrophone()
    const answer = await ask({
      action: 'TakeoverAIAgentCall',
      version: CALL_API_VERSION,
      parameters: { InstanceId: instanceId, RequireToken: true },
    })
    if (!answer.ok) {
      microphone.close()
      return give({ type: 'api', failure: answer.failure })
    }
    const { ChannelId, HumanAgentUserId, Token } = answer.value
    const call = new AntiphonCall()
    held = call
    call.on('connectionStatusChange', ({ status }) => {
      if (status === 'connected') change({ status: 'here' })
      if (status === 'reconnecting') change({ status: 'reconnecting' })
    })
    call.on('playbackBlocked', () => change({ isSilent: true }))
    call.on('callEnd', () => {
      held = undefined
      humanPlace.set(undefined)
    })
    await call.join({
      baseUrl: '',
      channelId: String(ChannelId),
      userId: String(HumanAgentUserId),
      token: String(Token),
      microphone,
    })
    return undefined
  } catch (error) {
    return give({ type: 'call', code: (error as Partial<CallError>).code ?? 'unknown' })
  }
}

/** Ends the call: the agent does not come back. */
export function hangUp(): void {
  void held?.handup()
}

export function mute(isMuted: boolean): void {
  held?.mute(isMuted)
  const now = humanPlace.now
  if (now !== undefined) humanPlace.set({ ...now, isMuted })
}

/** Lets the sound through; called from a click. */
export function unblock(): void {
  held?.resumePlayback()
  const now = humanPlace.now
  if (now !== undefined) humanPlace.set({ ...now, isSilent: false })
}
