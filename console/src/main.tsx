import { render } from 'preact'
import './style.css'
import { startRouter } from './base/router.ts'
import { checkSession } from './base/session.ts'
import { applyTheme } from './base/theme.ts'
import { App } from './shell/app.tsx'

/** The one-time token has done its work; it should not stay in the address or the history. */
function cleanAddress(): void {
  const url = new URL(location.href)
  if (!url.searchParams.has('token')) return
  url.searchParams.delete('token')
  history.replaceState(null, '', url)
}

cleanAddress()
applyTheme()
startRouter()
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
void checkSession()
