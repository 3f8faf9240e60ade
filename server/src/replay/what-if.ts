import { ok, type Result } from '../base/result.ts'
import { changedSettings, checkChanges, valueAt, type Change } from './changes.ts'
import { differencesOf, type Difference } from './differences.ts'
import { gatherEvidence } from './evidence.ts'
import { outlineOf, type Outline } from './outline.ts'
import type { RecordedStretch, Recording } from './recording.ts'
import { rerun, type RunStep } from './rerun.ts'
import { runOtherwise, type OtherRun } from './world.ts'

/** What would have become of a call with other settings. Times are ms since the call's start. */
export interface WhatIf {
  readonly changes: readonly {
    readonly path: string
    /** As recorded; absent when the product's default held. */
    readonly from?: unknown
    readonly to: unknown
  }[]
  /** As it was. */
  readonly recorded: Outline
  /** As it would have been. */
  readonly other: Outline
  readonly differences: readonly Difference[]
  /** Turns of the other run whose answer is made up, since the record has none for what was asked. */
  readonly scriptedTurns: readonly number[]
  /** Turns of the other run whose answer ends where it was given up in the record. */
  readonly shortenedTurns: readonly number[]
  /**
   * Differences that come up without any change: where the record does not tell enough of the call's
   * surroundings to play them again. 0 as a rule.
   */
  readonly unexplained: number
}

/** Plays a recorded call with other settings. The error is a sentence that names the member and what is allowed. */
export function whatIf(recording: Recording, changes: readonly Change[]): Result<WhatIf, string> {
  const checked = checkChanges(changes)
  if (!checked.ok) return checked
  const runs = recording.stretches.map((stretch) => compareStretch(stretch, changes))
  const [first] = recording.stretches
  return ok({
    changes: changes.map(({ path, value }) => {
      const from = first === undefined ? undefined : valueAt(first.config, path)
      return { path, ...(from === undefined ? {} : { from }), to: value }
    }),
    recorded: joined(runs.map(({ recorded }) => recorded)),
    other: joined(runs.map(({ other }) => other)),
    differences: runs.flatMap(({ differences }) => differences),
    scriptedTurns: runs.flatMap(({ run }) => [...run.scripted]),
    shortenedTurns: runs.flatMap(({ run }) => [...run.shortened]),
    unexplained: runs.reduce((sum, { unexplained }) => sum + unexplained, 0),
  })
}

/** Every step of a recorded call with other settings, stretch by stretch, for those who draw it. */
export const stepsOtherwise = (
  { stretches }: Recording,
  changes: readonly Change[],
): readonly { readonly offsetMs: number; readonly steps: readonly RunStep[] }[] =>
  stretches.map((stretch) => {
    const { steps } = runChanged(stretch, rerun(stretch), changes)
    return { offsetMs: stretch.offsetMs, steps }
  })

interface StretchComparison {
  readonly recorded: Outline
  readonly other: Outline
  readonly run: OtherRun
  readonly differences: readonly Difference[]
  readonly unexplained: number
}

/** A stretch after the loss of a worker begins with what the call had been through in the record. */
function compareStretch(stretch: RecordedStretch, changes: readonly Change[]): StretchComparison {
  const { offsetMs } = stretch
  const steps = rerun(stretch)
  const recorded = outlineOf(steps, offsetMs)
  const run = runChanged(stretch, steps, changes)
  const other = outlineOf(run.steps, offsetMs)
  const unchanged = outlineOf(runChanged(stretch, steps, []).steps, offsetMs)
  return {
    recorded,
    other,
    run,
    differences: differencesOf(recorded, other),
    unexplained: differencesOf(recorded, unchanged).length,
  }
}

function runChanged(
  stretch: RecordedStretch,
  steps: readonly RunStep[],
  changes: readonly Change[],
): OtherRun {
  const configs = new Map(stretch.events.map(({ event, config }) => [event, config]))
  const evidence = gatherEvidence(steps)
  const outside = evidence.outside.map((event) => {
    const config = configs.get(event)
    if (event.type !== 'settings-change' || config === undefined) return event
    return { ...event, settings: changedSettings(event.settings, config, changes) }
  })
  const settings = changedSettings(stretch.settings, stretch.config, changes)
  return runOtherwise({ ...stretch, settings }, { ...evidence, outside })
}

const joined = (outlines: readonly Outline[]): Outline => {
  const end = outlines.at(-1)?.end
  return {
    turns: outlines.flatMap(({ turns }) => turns),
    interruptions: outlines.flatMap(({ interruptions }) => interruptions),
    ...(end === undefined ? {} : { end }),
  }
}
