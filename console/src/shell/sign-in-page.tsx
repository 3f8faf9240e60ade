import { useWords, words } from '../base/words.ts'
import logoUrl from '../logo.svg'

const WORDS = words(
  {
    title: 'Open the address that the server printed',
    text: 'When it starts, npm start prints an address with a token. Opening it signs this browser in; after that, reloading this page works too.',
    once: 'The token works once. For a new one, start the server again.',
  },
  {
    title: '请打开服务器打印的地址',
    text: 'npm start 启动时会打印一个带令牌的地址。打开它即可登录此浏览器，之后刷新页面也有效。',
    once: '令牌只能使用一次。如需新令牌，请重新启动服务器。',
  },
)

export function SignInPage() {
  const say = useWords(WORDS)
  return (
    <main class="px-4 pb-8">
      <section class="mx-auto mt-[12vh] max-w-lg rounded-2xl border border-line bg-card p-6 shadow-card sm:p-8">
        <img src={logoUrl} alt="antiphon" width="32" height="32" />
        <h1 class="mt-4 text-xl font-semibold tracking-tight text-balance">{say.title}</h1>
        <p class="mt-3 text-muted">{say.text}</p>
        <p class="mt-4 overflow-x-auto rounded-lg bg-fill px-3 py-2 font-mono text-sm">
          {location.origin}/?token=…
        </p>
        <p class="mt-4 text-sm text-muted">{say.once}</p>
      </section>
    </main>
  )
}
