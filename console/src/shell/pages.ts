import type { ComponentType } from 'preact'

/** What stands in the address of a page, by the names of its pattern. */
export interface PageProps {
  readonly id?: string
}

export interface PageEntry {
  /** As `/calls/:id`. The server answers these paths too: see `server/src/web/page.ts`. */
  readonly pattern: string
  /** Fetched when the page is first opened. */
  load(): Promise<ComponentType<PageProps>>
}

export const PAGES: readonly PageEntry[] = [
  { pattern: '/', load: async () => (await import('../pages/home/home-page.tsx')).HomePage },
  { pattern: '/talk', load: async () => (await import('../talk/talk-page.tsx')).TalkPage },
]

/** The pages that the navigation leads to: path, icon, and the name of their word. */
export const PLACES = [
  ['/', 'home', 'home'],
  ['/talk', 'mic', 'talk'],
] as const satisfies readonly (readonly [string, string, string])[]
