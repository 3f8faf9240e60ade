import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { labelEvery, pathOf } from './scale.ts'
import { useWidth } from './use-width.ts'

const HEIGHT_PX = 168
const LEFT_PX = 44
const TOP_PX = 8
const BOTTOM_PX = 22
const LABEL_PX = 52
const PLOT_PX = HEIGHT_PX - TOP_PX - BOTTOM_PX

/** One series of a chart: a value for each period, `undefined` where there is none. */
export interface Series {
  readonly name: string
  readonly values: readonly (number | undefined)[]
  /** Names of colours of style.css, as classes. */
  readonly color: 'text-accent' | 'text-speaking' | 'text-thinking' | 'text-danger'
}

interface ChartProps {
  readonly kind: 'bars' | 'lines'
  /** What it shows, and what there is to see, in a sentence. */
  readonly summary: string
  /** The periods, from left to right: short below the chart, in full where one is looked at. */
  readonly labels: readonly { readonly short: string; readonly full: string }[]
  readonly series: readonly Series[]
  /** Where its lines stand; the last is the top. */
  readonly ticks: readonly number[]
  readonly valueText: (value: number) => string
  /** Head of the first column of the table that says the same. */
  readonly periodName: string
}

/** A chart of values over time. What it shows stands in a table too, for those who do not see it. */
export function Chart(props: ChartProps) {
  const { summary, labels, series, valueText } = props
  const [ref, width] = useWidth<HTMLDivElement>()
  const [at, setAt] = useState<number | undefined>()
  const label = at === undefined ? undefined : labels[at]
  return (
    <figure class="min-w-0">
      <figcaption class="mb-2 flex min-h-5 flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        {label !== undefined && <span class="tabular-nums">{label.full}</span>}
        {series.map(({ name, color, values }) => {
          const value = at === undefined ? undefined : values[at]
          return (
            <span key={name} class="inline-flex items-center gap-1.5">
              <span class={`size-2 rounded-full bg-current ${color}`} aria-hidden="true" />
              {name}
              {value !== undefined && (
                <strong class="font-medium text-ink tabular-nums">{valueText(value)}</strong>
              )}
            </span>
          )
        })}
      </figcaption>
      <div ref={ref} class="h-42" onPointerLeave={() => setAt(undefined)}>
        {width > 0 && <Drawing {...props} width={width} at={at} onLook={setAt} />}
      </div>
      <Table {...props} summary={summary} />
    </figure>
  )
}

interface DrawingProps extends ChartProps {
  readonly width: number
  readonly at: number | undefined
  readonly onLook: (at: number) => void
}

function Drawing(props: DrawingProps) {
  const { kind, summary, labels, series, ticks, valueText, width, at, onLook } = props
  const top = ticks.at(-1) ?? 1
  const slot = (width - LEFT_PX) / Math.max(1, labels.length)
  const y = (value: number): number => TOP_PX + PLOT_PX * (1 - value / top)
  const every = labelEvery(labels.length, width - LEFT_PX, LABEL_PX)
  return (
    <svg width={width} height={HEIGHT_PX} role="img" aria-label={summary} class="block">
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={LEFT_PX} x2={width} y1={y(tick)} y2={y(tick)} class="stroke-line" />
          <text x={LEFT_PX - 8} y={y(tick) + 3.5} text-anchor="end" class="fill-muted text-[10px]">
            {valueText(tick)}
          </text>
        </g>
      ))}
      {at !== undefined && (
        <rect
          x={LEFT_PX + at * slot}
          y={TOP_PX}
          width={slot}
          height={PLOT_PX}
          class="fill-fill opacity-60"
        />
      )}
      {kind === 'bars' ? (
        <Bars series={series} slot={slot} y={y} />
      ) : (
        <Lines series={series} slot={slot} y={y} />
      )}
      {labels.map(({ short }, index) => (
        <g key={index} onPointerEnter={() => onLook(index)}>
          <rect
            x={LEFT_PX + index * slot}
            y={0}
            width={slot}
            height={HEIGHT_PX}
            fill="transparent"
          />
          {index % every === 0 && LEFT_PX + index * slot + LABEL_PX * 0.7 <= width && (
            <text x={LEFT_PX + index * slot} y={HEIGHT_PX - 6} class="fill-muted text-[10px]">
              {short}
            </text>
          )}
        </g>
      ))}
    </svg>
  )
}

interface PlotProps {
  readonly series: readonly Series[]
  readonly slot: number
  readonly y: (value: number) => number
}

function Bars({ series, slot, y }: PlotProps) {
  const gap = Math.min(4, slot * 0.2)
  const own = (slot - gap) / Math.max(1, series.length)
  return (
    <>
      {series.map(({ name, color, values }, which) => (
        <g key={name} class={`${color} fill-current`}>
          {values.map((value, index) =>
            value === undefined || value === 0 ? null : (
              <rect
                key={index}
                x={LEFT_PX + index * slot + gap / 2 + which * own}
                y={y(value)}
                width={Math.max(1, own)}
                height={Math.max(1, y(0) - y(value))}
                rx={Math.min(2, own / 3)}
              />
            ),
          )}
        </g>
      ))}
    </>
  )
}

function Lines({ series, slot, y }: PlotProps) {
  const x = (index: number): number => LEFT_PX + (index + 0.5) * slot
  return (
    <>
      {series.map(({ name, color, values }) => (
        <g key={name} class={color}>
          <path
            d={pathOf(
              values.map((value, index) =>
                value === undefined ? undefined : [x(index), y(value)],
              ),
            )}
            class="fill-none stroke-current"
            stroke-width="2"
            stroke-linejoin="round"
          />
          {values.map((value, index) =>
            value === undefined ? null : (
              <circle key={index} cx={x(index)} cy={y(value)} r="2.5" class="fill-current" />
            ),
          )}
        </g>
      ))}
    </>
  )
}

function Table({ summary, labels, series, valueText, periodName }: ChartProps) {
  const isThere = (index: number): boolean =>
    series.some(({ values }) => values[index] !== undefined && values[index] !== 0)
  return (
    <div class="sr-only">
      <table>
        <caption>{summary}</caption>
        <thead>
          <tr>
            <th scope="col">{periodName}</th>
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map(({ full }, index) =>
            isThere(index) ? (
              <tr key={index}>
                <th scope="row">{full}</th>
                {series.map(({ name, values }) => (
                  <td key={name}>{cell(values[index], valueText)}</td>
                ))}
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </div>
  )
}

const cell = (value: number | undefined, text: (value: number) => string): ComponentChildren =>
  value === undefined ? '–' : text(value)
