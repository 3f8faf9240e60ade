import type { ComponentChildren } from 'preact'

export type Tone = 'neutral' | 'good' | 'busy' | 'bad' | 'agent'

const TONES: Readonly<Record<Tone, string>> = {
  neutral: 'bg-fill text-muted',
  good: 'bg-accent-tint text-accent',
  busy: 'bg-thinking-tint text-thinking',
  bad: 'bg-danger-tint text-danger',
  agent: 'bg-speaking-tint text-speaking',
}

export function Badge({
  tone = 'neutral',
  children,
}: {
  tone?: Tone
  children: ComponentChildren
}) {
  return (
    <span
      class={`inline-flex min-h-6 max-w-full items-center rounded-md px-2 text-xs font-medium break-all sm:whitespace-nowrap ${TONES[tone]}`}
    >
      {children}
    </span>
  )
}
