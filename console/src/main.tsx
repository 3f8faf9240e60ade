import { render } from 'preact'
import './style.css'
import { CallDesk, browserParts } from './call-desk.ts'
import { App } from './components/app.tsx'

/** The one-time token has done its work; it should not stay in the address or the history. */
function cleanAddress(): void {
  const url = new URL(location.href)
  if (!url.searchParams.has('token')) return
  url.searchParams.delete('token')
  history.replaceState(null, '', url)
}

cleanAddress()
const desk = new CallDesk(browserParts())
const root = document.getElementById('app')
if (root !== null) render(<App desk={desk} />, root)
void desk.load()
