import { shared, useShared } from './value.ts'

/** Where the user is: path and query of the address. Pages are found by it, so that every view can be shared. */
export interface Place {
  readonly path: string
  readonly query: URLSearchParams
}

const read = (): Place => ({
  path: globalThis.location?.pathname ?? '/',
  query: new URLSearchParams(globalThis.location?.search ?? ''),
})

const place = shared<Place>(read())

export const usePlace = (): Place => useShared(place)

/** Goes to an address of this console; `replace` leaves no step back, for filters and the like. */
export function go(address: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  place.set(read())
  if (!replace) scrollTo(0, 0)
}

/** The present address with other parameters; `undefined` or '' removes one. */
export function withQuery(changes: Readonly<Record<string, string | undefined>>): string {
  const { path, query } = place.now
  const next = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') next.delete(name)
    else next.set(name, value)
  }
  const text = next.toString()
  return text === '' ? path : `${path}?${text}`
}

/** Follows the browser's own steps, and plain clicks on links to this console without a new load. */
export function startRouter(): void {
  addEventListener('popstate', () => place.set(read()))
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element | null)?.closest('a')
    if (!link || link.target !== '' || link.hasAttribute('download')) return
    if (link.origin !== location.origin || !link.hasAttribute('data-go')) return
    event.preventDefault()
    go(link.pathname + link.search + link.hash)
  })
}

/** `/calls/:id` against `/calls/7` gives `{ id: '7' }`; `undefined` when it does not match. */
export function match(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/').filter(Boolean)
  const came = path.split('/').filter(Boolean)
  if (wanted.length !== came.length) return undefined
  const found: Record<string, string> = {}
  for (const [index, piece] of wanted.entries()) {
    const text = came[index] ?? ''
    if (piece.startsWith(':')) found[piece.slice(1)] = decodeURIComponent(text)
    else if (piece !== text) return undefined
  }
  return found
}
