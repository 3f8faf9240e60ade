import { Type, type Static } from 'typebox'

/**
 * What a decision of a call log is about, by its `kind`, with its figures. Figures that are not known are left
 * out; those ending in `Ms` are whole milliseconds.
 */
export const DECISION_KINDS = {
  /** The user went on after a pause too short to end the turn. `pauseMs`; `silenceMs`: what would have ended it. */
  pause: ['pauseMs', 'silenceMs'],
  /** The user's turn is over, and why now. `speechMs`: from the first sound to the last; `silenceMs`: since then;
   * `recognitionMs`: from the pause to the final transcript; `lateMs`: what of it the turn had to wait for. */
  'turn-end': ['speechMs', 'silenceMs', 'recognitionMs', 'lateMs'],
  /** The user went on with a turn that had been closed; its answer is given up. `sinceMs`: after it was closed. */
  'turn-continued': ['sinceMs'],
  /** The turn is over, but the agent may not be interrupted: it is answered afterwards. */
  'turn-waits': [],
  /** The same, and it is not answered at all (`NoInterruptMode` discard). */
  'turn-dropped': [],
  /** A sound that the recogniser found no words in. Figures as with `turn-end`. */
  'nothing-heard': ['speechMs', 'silenceMs', 'recognitionMs', 'lateMs'],
  /** The user only showed that they listen ("mhm"): nobody answers that. */
  acknowledgement: [],
  /** The user's sound went on for so long that the agent's was stopped, for now. `heardMs`; `bargeInMs`: the limit. */
  'agent-held': ['heardMs', 'bargeInMs'],
  /** The agent's speech was given up. `reason`: of message 1016; `heardMs`: of the user before; `spokenMs`: of the agent. */
  interruption: ['reason', 'heardMs', 'spokenMs'],
  /** What sounded like an interruption was none: the agent went on. `heardMs`; `bargeInMs` as with `agent-held`. */
  'no-interruption': ['heardMs', 'bargeInMs'],
  /** The answer's first sound. `totalMs` since the user's last sound, the sum of: `silenceMs` to find that the turn is
   * over, `recognitionMs` for a transcript later than that, `queueMs` until the agent had finished before, `modelMs`
   * to the model's first word, but for the `functionsMs` that functions took before it, `textMs` to the first piece
   * that can be spoken, `awayMs` with nobody there to hear it, `synthesisMs` to its first sound. */
  answer: [
    'totalMs',
    'silenceMs',
    'recognitionMs',
    'queueMs',
    'modelMs',
    'functionsMs',
    'textMs',
    'awayMs',
    'synthesisMs',
  ],
  /** The model failed, or gave nothing that can be said, and what was done about it. */
  'reply-failed': [],
  /** Something was said because the model was slow. `sinceMs`: after the turn was closed. */
  filler: ['sinceMs'],
  /** The model calls a function, or one answered too late for its turn. */
  tool: [],
  /** The model was asked before the turn was surely over, for good or in vain. `aheadMs`: how long before. */
  speculation: ['aheadMs'],
  /** A short word in a pause of the user. */
  backchannel: [],
  /** The user was asked whether they are there. */
  'idle-prompt': ['waitMs', 'prompts', 'maxRepeats'],
  /** The call is over, and why. */
  'call-end': [],
} as const

/** One decision of the engine, as the call log gives it out. */
export const callDecision = Type.Object(
  {
    /** One of {@link DECISION_KINDS}; a newer server may know more. */
    kind: Type.String(),
    /** Milliseconds since the log's `startTime`. */
    atMs: Type.Number(),
    /** Of `antiphon.turns`; absent when it is about no turn. */
    turnId: Type.Optional(Type.Integer({ minimum: 1 })),
    /** The whole reason in English, for people. */
    words: Type.String(),
    /** The numbers of the reason, for programs; see {@link DECISION_KINDS}. */
    figures: Type.Record(Type.String(), Type.Number()),
  },
  { additionalProperties: true },
)

export type CallDecision = Static<typeof callDecision>
