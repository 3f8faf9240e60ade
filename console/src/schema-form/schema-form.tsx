import { useState } from 'preact/hooks'
import { choicesOf, kindOf, resolve, type ApiDescription, type Schema } from '../base/open-api.ts'
import { useShared } from '../base/value.ts'
import { language, useWords } from '../base/words.ts'
import { Button } from '../ui/button.tsx'
import { Field, INPUT, Select } from '../ui/field.tsx'
import { rangeText, withMember, type Issue } from './check.ts'
import { sentenceIn } from './sentences.ts'
import { issueText, WORDS } from './words.ts'

type Value = Readonly<Record<string, unknown>>

interface FormProps {
  readonly schema: Schema
  readonly value: Value
  readonly onChange: (value: Value) => void
  readonly api: ApiDescription
  readonly issues: readonly Issue[]
  /** Of the structure in the whole; '' at the top. */
  readonly path?: string
  /** Only these members, in this order; all when left out. */
  readonly only?: readonly string[]
}

/** Controls for every member of a structure, made from its schema: none can be forgotten. */
export function SchemaForm(props: FormProps) {
  const { schema, value, onChange, api, issues, path = '', only } = props
  const { properties = {}, required = [] } = resolve(schema, api)
  const names = only ?? Object.keys(properties)
  return (
    <div class="grid gap-x-6 gap-y-5 sm:grid-cols-2">
      {names.map((name) => {
        const member = properties[name]
        if (member === undefined) return null
        return (
          <Member
            key={name}
            name={name}
            schema={member}
            isRequired={required.includes(name) && member.default === undefined}
            value={value[name]}
            onChange={(next) => onChange(withMember(value, name, next))}
            api={api}
            issues={issues}
            path={path === '' ? name : `${path}.${name}`}
          />
        )
      })}
    </div>
  )
}

interface MemberProps {
  readonly name: string
  readonly schema: Schema
  readonly isRequired: boolean
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly api: ApiDescription
  readonly issues: readonly Issue[]
  readonly path: string
}

function Member(props: MemberProps) {
  const { name, api, issues, path } = props
  const say = useWords(WORDS)
  const tongue = useShared(language)
  const schema = resolve(props.schema, api)
  const kind = kindOf(props.schema, api)
  if (kind === 'structure')
    return (
      <fieldset class="col-span-full rounded-xl border border-line p-4">
        <legend class="px-1.5 font-mono text-sm font-medium">{name}</legend>
        {schema.description !== undefined && (
          <p class="mb-4 text-xs text-muted">{sentenceIn(schema.description, tongue)}</p>
        )}
        <SchemaForm
          schema={props.schema}
          value={asValue(props.value)}
          onChange={props.onChange}
          api={api}
          issues={issues}
          path={path}
        />
      </fieldset>
    )
  if (kind === 'list') return <ListMember {...props} />
  const issue = issues.find((one) => one.path === path || one.path.startsWith(`${path}[`))
  const isWide = kind === 'texts' || kind === 'json' || schema['x-multiline'] === true
  const unit = schema['x-unit']
  const bounds = kind === 'number' ? rangeText(schema) : ''
  const hint = [
    sentenceIn(schema.description ?? '', tongue),
    kind === 'texts' ? say.perLine : '',
    [bounds, unit ?? ''].filter(Boolean).join(' '),
  ]
  return (
    <div class={isWide ? 'col-span-full' : ''}>
      <Field
        label={props.isRequired ? `${name} · ${say.required}` : name}
        hint={hint.filter(Boolean).join(' ')}
        error={issue && issueText(issue, say)}
      >
        {(control) => <Control {...props} kind={kind} resolved={schema} control={control} />}
      </Field>
    </div>
  )
}

interface ControlProps extends MemberProps {
  readonly kind: ReturnType<typeof kindOf>
  readonly resolved: Schema
  readonly control: Readonly<Record<string, unknown>>
}

function Control({ kind, resolved, value, onChange, control }: ControlProps) {
  const say = useWords(WORDS)
  const fallback =
    resolved.default === undefined ? '' : say.byDefault(defaultText(resolved.default, say))
  if (kind === 'flag' || kind === 'choice') {
    const choices: readonly (readonly [string, string])[] =
      kind === 'flag'
        ? [
            ['true', say.on],
            ['false', say.off],
          ]
        : choicesOf(resolved).map((choice) => [choice, choice] as const)
    return (
      <Select
        control={control}
        value={value === undefined ? '' : String(value)}
        choices={[['', fallback === '' ? say.unset : fallback], ...choices]}
        onChoose={(text) =>
          onChange(text === '' ? undefined : kind === 'flag' ? text === 'true' : text)
        }
      />
    )
  }
  if (kind === 'number')
    return <NumberInput value={value} onChange={onChange} control={control} fallback={fallback} />
  if (kind === 'texts') {
    const lines = Array.isArray(value) ? value.map(String) : []
    return <LinesInput lines={lines} onChange={onChange} control={control} />
  }
  const text = textOf(value)
  const take = (next: string): void => onChange(next === '' ? undefined : next)
  if (kind === 'json' || resolved['x-multiline'] === true)
    return (
      <textarea
        {...control}
        class={`${INPUT} h-auto py-2 ${kind === 'json' ? 'font-mono text-xs' : ''}`}
        rows={kind === 'json' ? 3 : 5}
        value={text}
        spellcheck={false}
        placeholder={fallback}
        onInput={(event) => take(event.currentTarget.value)}
      />
    )
  return (
    <input
      {...control}
      type="text"
      class={INPUT}
      value={text}
      placeholder={kind === 'time' ? '2026-11-23T08:00:00Z' : fallback}
      spellcheck={false}
      autocomplete="off"
      onInput={(event) => take(event.currentTarget.value)}
    />
  )
}

interface InputProps {
  readonly onChange: (value: unknown) => void
  readonly control: Readonly<Record<string, unknown>>
}

/** Keeps what was typed while it is no number yet, as `-` or `1.`. */
function NumberInput({
  value,
  onChange,
  control,
  fallback,
}: InputProps & { readonly value: unknown; readonly fallback: string }) {
  const [typed, setTyped] = useState<string | undefined>()
  return (
    <input
      {...control}
      type="text"
      inputMode="decimal"
      class={`${INPUT} tabular-nums`}
      value={typed ?? textOf(value)}
      placeholder={fallback}
      autocomplete="off"
      onInput={({ currentTarget }) => {
        const text = currentTarget.value.trim()
        const number = Number(text)
        setTyped(currentTarget.value)
        onChange(text === '' ? undefined : Number.isFinite(number) ? number : text)
      }}
      onBlur={() => setTyped(undefined)}
    />
  )
}

/** A list of texts, one per line; empty lines count for nothing once the field is left. */
function LinesInput({ lines, onChange, control }: InputProps & { lines: readonly string[] }) {
  const [typed, setTyped] = useState<string | undefined>()
  return (
    <textarea
      {...control}
      class={`${INPUT} h-auto py-2`}
      rows={Math.min(8, Math.max(2, lines.length + 1))}
      value={typed ?? lines.join('\n')}
      spellcheck={false}
      onInput={({ currentTarget }) => {
        setTyped(currentTarget.value)
        const next = currentTarget.value.split('\n').filter((line) => line.trim() !== '')
        onChange(next.length === 0 ? undefined : next)
      }}
      onBlur={() => setTyped(undefined)}
    />
  )
}

/** Entries that are structures, or lists of choices. */
function ListMember({ name, schema, value, onChange, api, issues, path }: MemberProps) {
  const say = useWords(WORDS)
  const tongue = useShared(language)
  const { items = {}, description, maxItems } = resolve(schema, api)
  const entries = Array.isArray(value) ? (value as readonly unknown[]) : []
  const isFull = maxItems !== undefined && entries.length >= maxItems
  const replace = (at: number, next: unknown): void => onChange(entries.with(at, next))
  const isStructure = kindOf(items, api) === 'structure'
  return (
    <fieldset class="col-span-full rounded-xl border border-line p-4">
      <legend class="px-1.5 font-mono text-sm font-medium">{name}</legend>
      {description !== undefined && (
        <p class="mb-4 text-xs text-muted">{sentenceIn(description, tongue)}</p>
      )}
      <ol class="grid gap-4">
        {entries.map((entry, index) => (
          <li key={index} class="rounded-lg bg-fill p-3">
            <div class="mb-2 flex items-center justify-between text-xs text-muted">
              <span>{say.entry(index + 1)}</span>
              <Button
                kind="quiet"
                icon="trash"
                label={`${say.remove}: ${name} ${index + 1}`}
                onClick={() => {
                  const rest = entries.filter((_, at) => at !== index)
                  onChange(rest.length === 0 ? undefined : rest)
                }}
              />
            </div>
            {isStructure ? (
              <SchemaForm
                schema={items}
                value={asValue(entry)}
                onChange={(next) => replace(index, next)}
                api={api}
                issues={issues}
                path={`${path}[${index}]`}
              />
            ) : (
              <Member
                name={`${name} ${index + 1}`}
                schema={items}
                isRequired={false}
                value={entry}
                onChange={(next) => replace(index, next ?? '')}
                api={api}
                issues={issues}
                path={`${path}[${index}]`}
              />
            )}
          </li>
        ))}
      </ol>
      <div class={entries.length > 0 ? 'mt-3' : ''}>
        <Button
          icon="plus"
          isDisabled={isFull}
          onClick={() => onChange([...entries, isStructure ? {} : ''])}
        >
          {say.add}
        </Button>
      </div>
    </fieldset>
  )
}

const asValue = (value: unknown): Value =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Value) : {}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value)
}

function defaultText(value: unknown, say: (typeof WORDS)['en']): string {
  if (typeof value === 'boolean') return value ? say.on : say.off
  return String(value)
}
