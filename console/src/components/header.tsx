import logoUrl from '../logo.svg'

export function Header() {
  return (
    <header class="mx-auto flex h-14 w-full max-w-6xl flex-none items-center px-4 sm:h-16 sm:px-6">
      <img src={logoUrl} alt="" width="28" height="28" />
      <span class="ml-2 text-lg font-semibold tracking-tight">antiphon</span>
    </header>
  )
}
