import { useMemo } from 'preact/hooks'
import { useLoaded } from '../base/loaded.ts'
import type { ApiDescription } from '../base/open-api.ts'
import { useWords } from '../base/words.ts'
import { check } from '../schema-form/check.ts'
import { SchemaForm } from '../schema-form/schema-form.tsx'
import { Failure } from '../ui/failure.tsx'
import { ChoiceField } from '../ui/field.tsx'
import {
  KINDS,
  listProviders,
  optionsOf,
  withProvider,
  type Choice,
  type KnownProvider,
  type ProviderKind,
} from './providers.ts'
import { TestButton } from './test-button.tsx'
import { WORDS } from './words.ts'

/** Options are described whole, without references. */
const NO_STRUCTURES: ApiDescription = { operations: [], structures: {} }
/** So many voices and languages are told; the others are counted. */
const SHOWN = 12

interface ProvidersFormProps {
  /** `Providers` of an agent. */
  readonly value: Choice
  readonly onChange: (value: Choice) => void
}

/** Who recognises, thinks and speaks for an agent; each can be tried. */
export function ProvidersForm({ value, onChange }: ProvidersFormProps) {
  const loaded = useLoaded(listProviders, '')
  if (loaded.state === 'failed') return <Failure failure={loaded.failure} onRetry={loaded.reload} />
  const { value: known } = loaded
  if (known === undefined) return null
  return (
    <div class="grid gap-5">
      {KINDS.map((kind) => (
        <KindForm
          key={kind}
          kind={kind}
          known={known.filter((one) => one.kind === kind)}
          choice={value[kind] as Choice | undefined}
          onChange={(choice) => {
            const { [kind]: _, ...rest } = value
            onChange(choice === undefined ? rest : { ...rest, [kind]: choice })
          }}
        />
      ))}
    </div>
  )
}

interface KindFormProps {
  readonly kind: ProviderKind
  readonly known: readonly KnownProvider[]
  readonly choice: Choice | undefined
  readonly onChange: (choice: Choice | undefined) => void
}

function KindForm({ kind, known, choice, onChange }: KindFormProps) {
  const say = useWords(WORDS)
  const byDefault = known.find(({ isDefault }) => isDefault)
  const chosen = choice && known.find(({ name }) => name === choice['provider'])
  const choices = [
    ['', say.byDefault(byDefault?.name ?? '–')] as const,
    ...known.map(({ name, isUsable }) => [name, isUsable ? name : say.unusable(name)] as const),
  ]
  return (
    <fieldset class="min-w-0 rounded-xl border border-line p-4">
      <legend class="px-1.5 text-sm font-medium">{say[kind]}</legend>
      <div class="grid gap-4">
        <div class="max-w-md">
          <ChoiceField
            label={`${say.provider}: ${say[kind]}`}
            value={String(choice?.['provider'] ?? '')}
            choices={choices}
            hint={chosen !== undefined && !chosen.isUsable ? chosen.reason : undefined}
            onChoose={(name) => {
              const next = known.find((one) => one.name === name)
              onChange(next && withProvider(choice ?? {}, next))
            }}
          />
        </div>
        <About provider={chosen ?? byDefault} />
        {choice !== undefined && chosen !== undefined && (
          <Options kind={kind} chosen={chosen} choice={choice} onChange={onChange} />
        )}
        {kind !== 'vad' && <TestButton kind={kind} choice={choice} />}
      </div>
    </fieldset>
  )
}

function Options(props: {
  readonly kind: ProviderKind
  readonly chosen: KnownProvider
  readonly choice: Choice
  readonly onChange: (choice: Choice) => void
}) {
  const { kind, chosen, choice, onChange } = props
  const say = useWords(WORDS)
  const options = optionsOf(choice)
  const path = `Providers.${kind}`
  const issues = useMemo(
    () => check(chosen.options, options, NO_STRUCTURES, path),
    [chosen, choice, path],
  )
  if (Object.keys(chosen.options.properties ?? {}).length === 0) {
    return <p class="text-sm text-muted">{say.noOptions}</p>
  }
  return (
    <SchemaForm
      schema={chosen.options}
      value={options}
      onChange={(next) => onChange({ provider: chosen.name, ...next })}
      api={NO_STRUCTURES}
      issues={issues}
      path={path}
    />
  )
}

/** What it can: its languages, its voices. */
function About({ provider }: { provider: KnownProvider | undefined }) {
  const say = useWords(WORDS)
  if (provider === undefined) return null
  const { languages, anyLanguage, voices } = provider
  const shown = (all: readonly string[]): string => {
    const rest = all.length - SHOWN
    return `${all.slice(0, SHOWN).join(', ')}${rest > 0 ? ` ${say.more(String(rest))}` : ''}`
  }
  const spoken = anyLanguage ? say.anyLanguage : shown(languages)
  if (spoken === '' && voices.length === 0) return null
  return (
    <dl class="grid gap-1 text-xs text-muted">
      {spoken !== '' && (
        <div class="flex gap-2">
          <dt class="flex-none font-medium">{say.languages}</dt>
          <dd class="min-w-0 break-words">{spoken}</dd>
        </div>
      )}
      {voices.length > 0 && (
        <div class="flex gap-2">
          <dt class="flex-none font-medium">{say.voices}</dt>
          <dd class="min-w-0 break-words">{shown(voices)}</dd>
        </div>
      )}
    </dl>
  )
}
