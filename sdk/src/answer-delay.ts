/**
 * How long the user waited for an answer, as the client sees it: from the arrival of the last subtitle of what the
 * user said to the first subtitle or the first sound of the agent, whichever comes first.
 */
export interface AnswerDelay {
  /** What the user said is over. */
  userEnded(nowMs: number): void
  /** The agent says something; the delay, if it is an answer. */
  agentSaid(nowMs: number): number | undefined
  /** How loud the agent is, from 0 to 255; the delay, if this is the first of an answer. */
  agentSounded(volume: number, nowMs: number): number | undefined
}

/** From this volume on the agent is heard. */
const AUDIBLE_VOLUME = 24

export function answerDelay(): AnswerDelay {
  let endedAtMs: number | undefined
  // What still sounds when the user ends belongs to the answer before.
  let wasQuiet = false
  const answered = (nowMs: number): number | undefined => {
    const delayMs = endedAtMs === undefined ? undefined : nowMs - endedAtMs
    endedAtMs = undefined
    return delayMs
  }
  return {
    userEnded: (nowMs) => {
      endedAtMs = nowMs
      wasQuiet = false
    },
    agentSaid: answered,
    agentSounded: (volume, nowMs) => {
      if (volume < AUDIBLE_VOLUME) wasQuiet = true
      else if (wasQuiet) return answered(nowMs)
      return undefined
    },
  }
}
