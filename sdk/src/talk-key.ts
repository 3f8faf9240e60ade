/**
 * The push-to-talk key. A press begins at once and ends a moment after the release, because people let go
 * while their last sound is still on its way.
 */
export interface TalkKey {
  press(): void
  release(): void
  cancel(): void
}

export const TALK_TAIL_MS = 200

export interface TalkKeyActions {
  onStart(): void
  onFinish(): void
  onCancel(): void
  after(delayMs: number, fire: () => void): () => void
}

export function talkKey(actions: TalkKeyActions): TalkKey {
  let isDown = false
  let cancelTail: (() => void) | undefined
  const stopTail = (): void => {
    cancelTail?.()
    cancelTail = undefined
  }
  return {
    press: () => {
      const goesOn = cancelTail !== undefined
      stopTail()
      if (!isDown && !goesOn) actions.onStart()
      isDown = true
    },
    release: () => {
      if (!isDown) return
      isDown = false
      cancelTail = actions.after(TALK_TAIL_MS, () => {
        cancelTail = undefined
        actions.onFinish()
      })
    },
    cancel: () => {
      const wasTalking = isDown || cancelTail !== undefined
      stopTail()
      isDown = false
      if (wasTalking) actions.onCancel()
    },
  }
}
