import type { Cause, Part } from './answers.ts'
import type { Mark, SpanKind } from './timeline.ts'

/** One colour a part of the wait, the same in the timeline and in the bars. */
export const PART_FILL: Readonly<Record<Part, string>> = {
  silence: 'bg-track fill-track',
  recognition: 'bg-accent/60 fill-accent/60',
  queue: 'bg-track/50 fill-track/50',
  model: 'bg-thinking fill-thinking',
  functions: 'bg-danger/60 fill-danger/60',
  text: 'bg-thinking/50 fill-thinking/50',
  away: 'bg-track/50 fill-track/50',
  synthesis: 'bg-speaking/50 fill-speaking/50',
}

export const SPAN_FILL: Readonly<Record<SpanKind, string>> = {
  ...PART_FILL,
  speech: 'bg-accent fill-accent',
  hearing: 'bg-accent/60 fill-accent/60',
  playout: 'bg-speaking fill-speaking',
  held: 'bg-speaking-tint fill-speaking-tint stroke-speaking border-speaking',
}

export const CAUSE_FILL: Readonly<Record<Cause, string>> = {
  waiting: 'bg-track',
  recognition: 'bg-accent/60',
  model: 'bg-thinking',
  functions: 'bg-danger/60',
  synthesis: 'bg-speaking/50',
}

export const MARK_FILL: Readonly<Record<Mark['tone'], string>> = {
  bad: 'bg-danger fill-danger',
  false: 'bg-thinking fill-thinking',
  plain: 'bg-muted fill-muted',
}
