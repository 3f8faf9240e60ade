import type { ComponentType } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { match, usePlace } from '../base/router.ts'
import { checkSession, session } from '../base/session.ts'
import { useShared } from '../base/value.ts'
import { language, useWords } from '../base/words.ts'
import { HumanBar } from '../pages/calls/human-bar.tsx'
import { Failure } from '../ui/failure.tsx'
import { Link } from '../ui/link.tsx'
import { Page } from '../ui/page.tsx'
import { Toasts } from '../ui/toast.tsx'
import { Navigation } from './navigation.tsx'
import type { PageProps } from './page-props.ts'
import { PAGES, type PageEntry } from './pages.ts'
import { SignInPage } from './sign-in-page.tsx'
import { WORDS } from './words.ts'

/** Everything: signed out, one page; signed in, the navigation and the page of the address. */
export function App() {
  const say = useWords(WORDS)
  const tongue = useShared(language)
  const state = useShared(session)
  useEffect(() => {
    document.documentElement.lang = tongue
  }, [tongue])
  if (state === 'unknown') return <p class="p-8 text-center text-muted">{say.loading}</p>
  if (state === 'signed-out') return <SignInPage />
  if (state === 'server-gone')
    return (
      <main class="mx-auto mt-[20vh] max-w-lg px-4">
        <Failure failure={{ type: 'server-gone' }} onRetry={() => void checkSession()} />
      </main>
    )
  return (
    <div class="flex min-h-dvh flex-col lg:pl-56">
      <a
        href="#page"
        class="sr-only rounded-lg bg-accent px-4 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-30"
      >
        {say.skip}
      </a>
      <Navigation />
      <HumanBar />
      <main id="page" tabIndex={-1} class="flex min-h-0 flex-1 flex-col pb-14 outline-none lg:pb-0">
        <PageOfAddress />
      </main>
      <Toasts />
    </div>
  )
}

function PageOfAddress() {
  const say = useWords(WORDS)
  const { path } = usePlace()
  const entry = PAGES.find(({ pattern }) => match(pattern, path) !== undefined)
  useFocusOnChange(entry?.name)
  if (entry !== undefined)
    return <Lazy key={entry.name} entry={entry} props={match(entry.pattern, path) ?? {}} />
  return (
    <Page title={say.notFound} lead={say.notFoundText}>
      <Link href="/">{say.toHome}</Link>
    </Page>
  )
}

/** On a new page the keys go on from its beginning: what led there may be gone, or far above. */
function useFocusOnChange(page: string | undefined): void {
  const shown = useRef(page)
  useEffect(() => {
    if (shown.current === page) return
    shown.current = page
    document.getElementById('page')?.focus({ preventScroll: true })
  }, [page])
}

const fetched = new Map<PageEntry, ComponentType<PageProps>>()

function Lazy({ entry, props }: { entry: PageEntry; props: PageProps }) {
  const say = useWords(WORDS)
  const [Shown, setShown] = useState<ComponentType<PageProps> | undefined>(() => fetched.get(entry))
  const [isGone, setGone] = useState(false)
  useEffect(() => {
    entry.load().then(
      (page) => {
        fetched.set(entry, page)
        setShown(() => page)
      },
      () => setGone(true),
    )
  }, [entry])
  if (isGone)
    return (
      <div class="p-6">
        <Failure failure={{ type: 'server-gone' }} onRetry={() => location.reload()} />
      </div>
    )
  if (Shown === undefined) return <p class="m-auto p-8 text-muted">{say.loading}</p>
  return <Shown {...props} />
}
