import { milliseconds, SUBJECTS, type Expectation } from './scenario.ts'
import type { Moment, Timeline } from './timeline.ts'

/** An expectation that was not met: what was expected, and what happened instead. */
export interface Unmet {
  readonly expected: string
  readonly happened: string
}

/** Compares a run with what is expected of it; gives back what was not met. */
export function unmetExpectations(
  expectations: readonly Expectation[],
  timeline: Timeline,
  doneMs: ReadonlyMap<string, number>,
): readonly Unmet[] {
  return expectations.flatMap((one) => {
    const happened = check(one, timeline, doneMs)
    return happened === undefined ? [] : [{ expected: describe(one), happened }]
  })
}

interface Window {
  readonly fromMs: number
  readonly untilMs: number
  /** What its times count from. */
  readonly originMs: number
}

/** `undefined` when it is met, else what happened. */
function check(
  one: Expectation,
  timeline: Timeline,
  doneMs: ReadonlyMap<string, number>,
): string | undefined {
  const originMs = one.since === undefined ? 0 : doneMs.get(one.since)
  if (originMs === undefined) return `the step ${one.since} was never done`
  const [from = 0, until = Infinity] = one.within ?? []
  const window = {
    fromMs: originMs + milliseconds(from),
    untilMs: until === Infinity ? Infinity : originMs + milliseconds(until),
    originMs,
  }
  if (one.sound !== undefined) return checkSound(one.sound, timeline, window)
  if (one.history !== undefined) return checkHistory(one.history, timeline)
  return checkMoments(one, timeline, window)
}

function checkMoments(one: Expectation, timeline: Timeline, window: Window): string | undefined {
  const kind = SUBJECTS.find((subject) => one[subject] !== undefined)
  const ofKind = timeline.moments.filter((moment) => moment.kind === kind)
  // What is counted from a step happens after it.
  const later = ofKind.filter(({ atMs }) => one.since === undefined || atMs >= window.originMs)
  const fitting = later.filter((moment) => fits(moment, one))
  const inTime = fitting.filter(({ atMs }) => atMs >= window.fromMs && atMs <= window.untilMs)
  const isMet = one.times === undefined ? inTime.length > 0 : inTime.length === one.times
  if (isMet) return undefined
  if (inTime.length > 0) return `${inTime.length} times: ${listed(inTime, window)}`
  if (fitting.length > 0) return listed(fitting, window)
  return later.length === 0 ? 'nothing of the kind' : `only ${listed(later, window)}`
}

function fits(moment: Moment, one: Expectation): boolean {
  const { text, words = '', message } = moment
  const has = (wanted: string, given: string): boolean => plain(given).includes(plain(wanted))
  switch (moment.kind) {
    case 'message':
      return message?.type === one.message && holds(message?.data, one.data ?? {})
    case 'decision':
      return text === one.decision && has(one.words ?? '', words)
    case 'state':
      return text === one.state
    case 'interrupted':
      return text === one.interrupted
    case 'ended':
      return text === one.ended
    case 'heard':
      return has(one.heard ?? '', text)
    case 'said':
      return has(one.said ?? '', text)
    case 'shown':
      return has(one.shown ?? '', text)
    case 'asked':
      return has(one.asked ?? '', text)
    case 'step':
      return false
  }
}

/** Case and the number of blanks do not matter. */
const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim()

const holds = (
  data: Readonly<Record<string, unknown>> | undefined,
  wanted: Readonly<Record<string, unknown>>,
): boolean =>
  Object.entries(wanted).every(
    ([name, value]) => JSON.stringify(data?.[name]) === JSON.stringify(value),
  )

/** With sound, the agent is heard within all of the window; without, in none of it. */
function checkSound(isWanted: boolean, timeline: Timeline, window: Window): string | undefined {
  const { fromMs, untilMs } = window
  const within = timeline.sounds.filter((span) => span.untilMs >= fromMs && span.fromMs <= untilMs)
  const isMet = isWanted
    ? within.some((span) => span.fromMs <= fromMs && span.untilMs >= untilMs)
    : within.length === 0
  if (isMet) return undefined
  const spans = timeline.sounds.map(
    (span) => `${relative(span.fromMs, window)}–${relative(span.untilMs, window)}`,
  )
  return spans.length === 0
    ? 'the agent was never heard'
    : `the agent was heard ${spans.join(', ')}`
}

function checkHistory(
  wanted: NonNullable<Expectation['history']>,
  timeline: Timeline,
): string | undefined {
  const history = timeline.history()
  const isMet =
    history.length === wanted.length &&
    history.every((message, index) => {
      const { user, agent } = wanted[index] ?? {}
      return message.user === user && message.agent === agent
    })
  return isMet ? undefined : `the history was ${JSON.stringify(history)}`
}

const SHOWN_LIMIT = 6

const listed = (moments: readonly Moment[], window: Window): string => {
  const shown = moments.slice(0, SHOWN_LIMIT).map((moment) => {
    const { text, words, message } = moment
    const what = message === undefined ? text : `${message.type} ${JSON.stringify(message.data)}`
    const reason = moment.kind === 'decision' ? `: ${words}` : ''
    return `“${what}${reason}” at ${relative(moment.atMs, window)}`
  })
  const more = moments.length - shown.length
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

const relative = (atMs: number, { originMs }: Window): string => `${Math.round(atMs - originMs)} ms`

/** The expectation in words. */
function describe(one: Expectation): string {
  const { since, within, times } = one
  const count = times === undefined ? '' : times === 0 ? 'never ' : `${times} times `
  const window =
    within === undefined
      ? since === undefined
        ? ''
        : ` after ${since}`
      : ` ${within.map((value) => `${milliseconds(value)}`).join('–')} ms after ${since ?? 'the start'}`
  return `${count}${subjectOf(one)}${window}`
}

function subjectOf(one: Expectation): string {
  if (one.heard !== undefined) return `heard “${one.heard}”`
  if (one.said !== undefined) return `said “${one.said}”`
  if (one.shown !== undefined) return `shown “${one.shown}”`
  if (one.asked !== undefined) return `the model is asked “${one.asked}”`
  if (one.state !== undefined) return `state ${one.state}`
  if (one.interrupted !== undefined) return `interrupted by ${one.interrupted}`
  if (one.decision !== undefined) {
    return `decision ${one.decision}${one.words === undefined ? '' : ` (“${one.words}”)`}`
  }
  if (one.ended !== undefined) return `the call ends: ${one.ended}`
  if (one.sound !== undefined) return one.sound ? 'the agent is heard' : 'the agent is silent'
  if (one.history !== undefined) return `history ${JSON.stringify(one.history)}`
  const data = one.data === undefined ? '' : ` ${JSON.stringify(one.data)}`
  return `message ${one.message}${data}`
}
