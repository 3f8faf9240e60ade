import { keep, recall, shared } from './value.ts'

export type Theme = 'system' | 'light' | 'dark'

const isTheme = (text: string | null): text is Theme =>
  text === 'system' || text === 'light' || text === 'dark'

const kept = recall('theme')
export const theme = shared<Theme>(isTheme(kept) ? kept : 'system')

export function chooseTheme(choice: Theme): void {
  keep('theme', choice)
  theme.set(choice)
  applyTheme()
}

/** The style sheet does the rest: every colour there has both forms. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = theme.now
}
