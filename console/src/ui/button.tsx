import type { ComponentChildren } from 'preact'

type Kind = 'primary' | 'plain' | 'quiet' | 'danger'

const KINDS: Readonly<Record<Kind, string>> = {
  primary: 'bg-accent text-accent-ink hover:opacity-90',
  plain: 'border border-line bg-card hover:bg-fill',
  quiet: 'text-muted hover:bg-fill hover:text-ink',
  danger: 'bg-danger-fill text-danger-ink hover:opacity-90',
}

interface ButtonProps {
  readonly children?: ComponentChildren
  /** `plain` when left out. One `primary` a view. */
  readonly kind?: Kind
  /** Name of an icon of style.css; with `label` and without children the button is just that. */
  readonly icon?: string
  /** What it is called when the text does not say. */
  readonly label?: string
  readonly isDisabled?: boolean
  readonly isBusy?: boolean
  readonly type?: 'button' | 'submit'
  readonly onClick?: () => void
}

const shape = (kind: Kind, isIconOnly: boolean): string =>
  `inline-flex h-9 flex-none items-center justify-center gap-2 rounded-lg text-sm font-medium whitespace-nowrap ` +
  `transition-colors disabled:opacity-50 ${isIconOnly ? 'w-9' : 'px-3.5'} ${KINDS[kind]}`

export function Button(props: ButtonProps) {
  const { children, kind = 'plain', icon, label, isDisabled, isBusy, onClick } = props
  const isIconOnly = children === undefined
  return (
    <button
      type={props.type ?? 'button'}
      class={shape(kind, isIconOnly)}
      disabled={isDisabled === true || isBusy === true}
      aria-busy={isBusy === true}
      aria-label={label}
      title={isIconOnly ? label : undefined}
      onClick={onClick}
    >
      {icon !== undefined && <span class={`icon icon-${icon} size-4`} aria-hidden="true" />}
      {children}
    </button>
  )
}

interface LinkButtonProps {
  readonly children: ComponentChildren
  readonly href: string
  readonly kind?: Kind
  readonly icon?: string
  /** The name under which the browser saves what is behind the address. */
  readonly download?: string
}

/** Looks like a button and leads somewhere. */
export function LinkButton({ children, href, kind = 'plain', icon, download }: LinkButtonProps) {
  const isOwnPage = download === undefined
  return (
    <a
      href={href}
      class={shape(kind, false)}
      download={download}
      data-go={isOwnPage ? '' : undefined}
    >
      {icon !== undefined && <span class={`icon icon-${icon} size-4`} aria-hidden="true" />}
      {children}
    </a>
  )
}
