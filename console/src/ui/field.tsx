import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export const INPUT =
  'h-9 w-full rounded-lg border border-line bg-paper px-3 text-sm disabled:opacity-60 ' +
  'aria-invalid:border-danger'

interface FieldProps {
  readonly label: string
  /** What it is for, in one sentence. */
  readonly hint?: ComponentChildren
  /** What is wrong with what stands there. */
  readonly error?: string | undefined
  /** Gets the id for its control, and what describes it. */
  children(control: {
    readonly id: string
    readonly 'aria-describedby': string
    readonly 'aria-invalid': boolean
  }): ComponentChildren
}

/** A labelled control, with its hint, and its error beside it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const about = `${id}-about`
  return (
    <div class="min-w-0">
      <label for={id} class="mb-1 block text-sm font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': about, 'aria-invalid': error !== undefined })}
      <div id={about} class="text-xs">
        {error !== undefined && <p class="mt-1 text-danger">{error}</p>}
        {hint !== undefined && <p class="mt-1 text-muted">{hint}</p>}
      </div>
    </div>
  )
}

interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
  readonly hint?: ComponentChildren
  readonly error?: string | undefined
  readonly type?: 'text' | 'password' | 'number' | 'datetime-local' | 'search' | 'url'
  readonly placeholder?: string
  readonly autocomplete?: 'on' | 'off' | 'username' | 'current-password'
}

export function TextField(props: TextFieldProps) {
  const { label, hint, error, value, onInput, type = 'text', placeholder, autocomplete } = props
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input
          {...control}
          class={INPUT}
          // The types of JSX want the kind of an input to be written out.
          {...({ type } as { type: 'text' })}
          step="any"
          value={value}
          placeholder={placeholder}
          autocomplete={autocomplete ?? 'off'}
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

interface AreaFieldProps extends Omit<TextFieldProps, 'type' | 'autocomplete'> {
  readonly rows?: number
  readonly isCode?: boolean
}

export function AreaField(props: AreaFieldProps) {
  const { label, hint, error, value, onInput, placeholder, rows = 4, isCode } = props
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <textarea
          {...control}
          class={`${INPUT} h-auto py-2 ${isCode === true ? 'font-mono text-xs leading-5' : ''}`}
          rows={rows}
          value={value}
          placeholder={placeholder}
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

interface ChoiceFieldProps {
  readonly label: string
  readonly value: string
  /** Value and what it is called. */
  readonly choices: readonly (readonly [value: string, name: string])[]
  readonly onChoose: (value: string) => void
  readonly hint?: ComponentChildren
  readonly error?: string | undefined
}

export function ChoiceField({ label, value, choices, onChoose, hint, error }: ChoiceFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Select control={control} value={value} choices={choices} onChoose={onChoose} />
      )}
    </Field>
  )
}

interface SelectProps extends Pick<ChoiceFieldProps, 'value' | 'choices' | 'onChoose'> {
  /** Its id, or a name where no label stands beside it, and what describes it. */
  readonly control: Readonly<Record<string, unknown>>
}

/** What stands in a {@link ChoiceField}: the browser's own list, in our clothes. */
export function Select({ control, value, choices, onChoose }: SelectProps) {
  return (
    <span class="relative block">
      <select
        {...control}
        class={`${INPUT} appearance-none truncate pr-9`}
        value={value}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {choices.map(([choice, name]) => (
          <option key={choice} value={choice}>
            {name}
          </option>
        ))}
      </select>
      <span
        class="icon icon-chevron pointer-events-none absolute top-2.5 right-2.5 size-4 text-muted"
        aria-hidden="true"
      />
    </span>
  )
}

interface SwitchProps {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
  readonly hint?: ComponentChildren
}

export function Switch({ label, isOn, onChange, hint }: SwitchProps) {
  const id = useId()
  return (
    <div class="flex items-start gap-3">
      <button
        id={id}
        type="button"
        role="switch"
        aria-checked={isOn}
        aria-label={label}
        class={`mt-0.5 flex h-5 w-9 flex-none rounded-full p-0.5 transition-colors ${isOn ? 'bg-accent' : 'bg-track'}`}
        onClick={() => onChange(!isOn)}
      >
        <span
          class={`size-4 rounded-full bg-white transition-transform ${isOn ? 'translate-x-4' : ''}`}
        />
      </button>
      <label for={id} class="min-w-0 text-sm">
        <span class="font-medium">{label}</span>
        {hint !== undefined && <span class="block text-xs text-muted">{hint}</span>}
      </label>
    </div>
  )
}
