import type { ComponentType } from 'preact'
import type { PageProps } from './page-props.ts'

export interface PageEntry {
  /** The same for addresses that show the same page. */
  readonly name: string
  /** As `/calls/:id`. The server answers these paths too: see `server/src/web/page.ts`. */
  readonly pattern: string
  /** Fetched when the page is first opened. */
  load(): Promise<ComponentType<PageProps>>
}

export const PAGES: readonly PageEntry[] = [
  {
    name: 'home',
    pattern: '/',
    load: async () => (await import('../pages/home/home-page.tsx')).HomePage,
  },
  {
    name: 'agents',
    pattern: '/agents',
    load: async () => (await import('../pages/agents/agents-page.tsx')).AgentsPage,
  },
  {
    name: 'agent',
    pattern: '/agents/:id',
    load: async () => (await import('../pages/agents/agent-page.tsx')).AgentPage,
  },
  {
    name: 'explorer',
    pattern: '/explorer',
    load: async () => (await import('../pages/explorer/explorer-page.tsx')).ExplorerPage,
  },
  {
    name: 'explorer',
    pattern: '/explorer/:id',
    load: async () => (await import('../pages/explorer/explorer-page.tsx')).ExplorerPage,
  },
  {
    name: 'calls',
    pattern: '/calls',
    load: async () => (await import('../pages/calls/calls-page.tsx')).CallsPage,
  },
  {
    name: 'call',
    pattern: '/calls/:id',
    load: async () => (await import('../pages/call/call-page.tsx')).CallPage,
  },
  {
    name: 'plug-in',
    pattern: '/plug-in',
    load: async () => (await import('../pages/plug-in/plug-in-page.tsx')).PlugInPage,
  },
  {
    name: 'talk',
    pattern: '/talk',
    load: async () => (await import('../talk/talk-page.tsx')).TalkPage,
  },
]

/** The pages that the navigation leads to: path, icon, and the name of their word. */
export const PLACES = [
  ['/', 'home', 'home'],
  ['/talk', 'mic', 'talk'],
  ['/agents', 'agent', 'agents'],
  ['/calls', 'calls', 'calls'],
  ['/explorer', 'code', 'explorer'],
] as const satisfies readonly (readonly [string, string, string])[]
