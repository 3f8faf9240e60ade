import { usePlace } from '../base/router.ts'
import { signer, signOut } from '../base/session.ts'
import { chooseTheme, theme, type Theme } from '../base/theme.ts'
import { useShared } from '../base/value.ts'
import { chooseLanguage, language, LANGUAGES, useWords, type Language } from '../base/words.ts'
import logoUrl from '../logo.svg'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { PLACES } from './pages.ts'
import { WORDS } from './words.ts'

/** At the left of a wide window; on a narrow one the places stand at the foot, the rest at the head. */
export function Navigation() {
  return (
    <>
      <header class="flex h-14 items-center justify-between border-b border-line px-4 lg:hidden">
        <Brand />
        <div class="flex items-center gap-1">
          <Choices />
          <SignOut />
        </div>
      </header>
      <header class="fixed inset-y-0 left-0 z-10 hidden w-56 flex-col border-r border-line bg-card px-3 py-4 lg:flex">
        <div class="px-2 pb-5">
          <Brand />
        </div>
        <Places />
        <div class="mt-auto grid gap-3 px-2">
          <Choices />
          <Signer />
        </div>
      </header>
      <div class="fixed inset-x-0 bottom-0 z-10 border-t border-line bg-card lg:hidden">
        <Places isAtFoot />
      </div>
    </>
  )
}

function Brand() {
  return (
    <a href="/" data-go="" class="flex items-center gap-2">
      <img src={logoUrl} alt="" width="26" height="26" />
      <span class="text-lg font-semibold tracking-tight">antiphon</span>
    </a>
  )
}

/** Who is signed in, and the way out. */
function Signer() {
  const say = useWords(WORDS)
  const { userName, accessKeyId } = useShared(signer)
  const name = userName ?? accessKeyId ?? say.account
  return (
    <div class="flex items-center justify-between gap-2 text-xs text-muted">
      <span class="min-w-0 truncate" title={say.signedInAs(name)}>
        <span class="sr-only">{say.signedInAs(name)}</span>
        <span aria-hidden="true">{name}</span>
      </span>
      <SignOut />
    </div>
  )
}

function SignOut() {
  const say = useWords(WORDS)
  const leave = async (): Promise<void> => {
    if (!(await signOut())) toast(say.signOutFailed, 'error')
  }
  return <Button kind="quiet" icon="sign-out" label={say.signOut} onClick={() => void leave()} />
}

/** Pages that stand in no navigation, and where one comes to them from. */
const OF_PLACE: Readonly<Record<string, string>> = { '/plug-in': '/agents' }

function Places({ isAtFoot = false }: { isAtFoot?: boolean }) {
  const say = useWords(WORDS)
  const { path } = usePlace()
  const isHere = (place: string): boolean =>
    place === '/'
      ? path === '/'
      : path === place || path.startsWith(`${place}/`) || OF_PLACE[path] === place
  return (
    <nav aria-label={say.navigation}>
      <ul class={isAtFoot ? 'flex justify-around' : 'flex flex-col gap-0.5'}>
        {PLACES.map(([place, icon, name]) => (
          <li key={place} class={isAtFoot ? 'min-w-0 flex-1' : ''}>
            <a
              href={place}
              data-go=""
              aria-current={isHere(place) ? 'page' : undefined}
              class={
                (isAtFoot
                  ? 'flex h-14 flex-col items-center justify-center gap-1 text-[11px] font-medium '
                  : 'flex h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm font-medium ') +
                (isHere(place)
                  ? isAtFoot
                    ? 'text-accent'
                    : 'bg-accent-tint text-accent'
                  : 'text-muted hover:text-ink ' + (isAtFoot ? '' : 'hover:bg-fill'))
              }
            >
              <span class={`icon icon-${icon} size-4.5`} aria-hidden="true" />
              <span class="max-w-full truncate">{say[name]}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Choices() {
  const say = useWords(WORDS)
  const themes: readonly (readonly [Theme, string])[] = [
    ['system', say.system],
    ['light', say.light],
    ['dark', say.dark],
  ]
  return (
    <div class="flex gap-2 text-xs">
      <Choice
        label={say.language}
        value={useShared(language)}
        choices={Object.entries(LANGUAGES) as [Language, string][]}
        onChoose={chooseLanguage}
      />
      <Choice label={say.theme} value={useShared(theme)} choices={themes} onChoose={chooseTheme} />
    </div>
  )
}

function Choice<Value extends string>(props: {
  readonly label: string
  readonly value: Value
  readonly choices: readonly (readonly [Value, string])[]
  readonly onChoose: (value: Value) => void
}) {
  return (
    <select
      aria-label={props.label}
      title={props.label}
      class="h-8 min-w-0 flex-1 rounded-lg border border-line bg-card px-1.5 text-muted"
      value={props.value}
      onChange={(event) => props.onChoose(event.currentTarget.value as Value)}
    >
      {props.choices.map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  )
}
