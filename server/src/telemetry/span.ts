export type SpanValue = string | number | boolean

/** A piece of a trace, after the fact. No word of what was said is in it. */
export interface Span {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 of them. */
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  /** `client`: the server asked somebody else. */
  readonly kind: 'internal' | 'server' | 'client'
  /** Wall time, ms. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, SpanValue>>
  readonly isError?: boolean
  readonly events?: readonly {
    readonly name: string
    readonly atMs: number
    readonly attributes: Readonly<Record<string, SpanValue>>
  }[]
}
