import type { Span, SpanValue } from './span.ts'

/** Of the protocol's enumerations. */
const KINDS = { internal: 1, server: 2, client: 3 } as const
const STATUS_ERROR = 2

/** The body of an export request: OTLP's JSON form (opentelemetry-proto, `ExportTraceServiceRequest`). */
export function otlpBody(
  spans: readonly Span[],
  resource: Readonly<Record<string, SpanValue>>,
): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [{ scope: { name: 'antiphon' }, spans: spans.map(spanOf) }],
      },
    ],
  })
}

const spanOf = (span: Span): object => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentSpanId !== undefined && { parentSpanId: span.parentSpanId }),
  name: span.name,
  kind: KINDS[span.kind],
  startTimeUnixNano: nanoseconds(span.startMs),
  endTimeUnixNano: nanoseconds(span.endMs),
  attributes: attributesOf(span.attributes),
  events: (span.events ?? []).map(({ name, atMs, attributes }) => ({
    name,
    timeUnixNano: nanoseconds(atMs),
    attributes: attributesOf(attributes),
  })),
  status: span.isError === true ? { code: STATUS_ERROR } : {},
})

/** Numbers of 64 bits are text in this form. */
const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n)

const attributesOf = (values: Readonly<Record<string, SpanValue>>): readonly object[] =>
  Object.entries(values).map(([key, value]) => ({ key, value: valueOf(value) }))

function valueOf(value: SpanValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
