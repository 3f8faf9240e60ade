import { useState } from 'preact/hooks'
import { signIn, type SignInOutcome } from '../base/session.ts'
import { useWords, words } from '../base/words.ts'
import logoUrl from '../logo.svg'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'

const WORDS = words(
  {
    title: 'Sign in',
    lead: 'With an access key of this server. What you can do here is what the key may do.',
    id: 'Access key id',
    secret: 'Access key secret',
    where: "The first key lies in the server's data folder, in access-key.json.",
    signIn: 'Sign in',
    wrong: 'The access key or its secret is wrong.',
    inactive: 'This access key is switched off.',
    temporary: 'A temporary key of a role cannot sign in. Take the key of a user.',
    gone: 'The server does not answer. It may have been stopped, or the network is down.',
    wait: (seconds: string) => `There were too many wrong keys. Try again in ${seconds} s.`,
    printed: 'Open the address that the server printed',
    text: 'Or without a key: when it starts, npm start prints an address with a token. Opening it signs this browser in.',
    once: 'The token works once. For a new one, start the server again.',
  },
  {
    title: '登录',
    lead: '使用此服务器的访问密钥登录。您在此处的权限即该密钥的权限。',
    id: 'AccessKey ID',
    secret: 'AccessKey Secret',
    where: '第一个密钥位于服务器数据目录的 access-key.json 中。',
    signIn: '登录',
    wrong: '访问密钥或其 Secret 有误。',
    inactive: '此访问密钥已停用。',
    temporary: '角色的临时密钥无法登录，请使用用户的密钥。',
    gone: '服务器没有响应，可能已停止运行或网络中断。',
    wait: (seconds: string) => `错误次数过多，请在 ${seconds} 秒后重试。`,
    printed: '请打开服务器打印的地址',
    text: '也可以不用密钥：npm start 启动时会打印一个带令牌的地址，打开它即可登录此浏览器。',
    once: '令牌只能使用一次。如需新令牌，请重新启动服务器。',
  },
)

export function SignInPage() {
  const say = useWords(WORDS)
  return (
    <main class="px-4 pb-8">
      <section class="mx-auto mt-[10vh] max-w-md rounded-2xl border border-line bg-card p-6 shadow-card sm:p-8">
        <img src={logoUrl} alt="antiphon" width="32" height="32" />
        <h1 class="mt-4 text-xl font-semibold tracking-tight text-balance">{say.title}</h1>
        <p class="mt-2 text-sm text-muted">{say.lead}</p>
        <KeyForm />
        <div class="mt-7 border-t border-line pt-5 text-sm">
          <h2 class="font-medium">{say.printed}</h2>
          <p class="mt-1 text-muted">{say.text}</p>
          <p class="mt-3 overflow-x-auto rounded-lg bg-fill px-3 py-2 font-mono text-xs">
            {location.origin}/?token=…
          </p>
          <p class="mt-3 text-xs text-muted">{say.once}</p>
        </div>
      </section>
    </main>
  )
}

function KeyForm() {
  const say = useWords(WORDS)
  const [id, setId] = useState('')
  const [secret, setSecret] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<SignInOutcome | undefined>()
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setOutcome(undefined)
    const came = await signIn({ accessKeyId: id.trim(), accessKeySecret: secret.trim() })
    setBusy(false)
    if (came.type !== 'server-gone' && came.type !== 'wait') setSecret('')
    setOutcome(came)
  }
  return (
    <form class="mt-5 grid gap-4" onSubmit={(event) => void submit(event)}>
      <TextField label={say.id} value={id} onInput={setId} autocomplete="username" />
      <TextField
        label={say.secret}
        type="password"
        value={secret}
        onInput={setSecret}
        autocomplete="current-password"
        hint={say.where}
        error={outcome && problemText(outcome, say)}
      />
      <div role="status" class="sr-only">
        {outcome && problemText(outcome, say)}
      </div>
      <div>
        <Button
          type="submit"
          kind="primary"
          isBusy={isBusy}
          isDisabled={id.trim() === '' || secret.trim() === ''}
        >
          {say.signIn}
        </Button>
      </div>
    </form>
  )
}

function problemText(outcome: SignInOutcome, say: (typeof WORDS)['en']): string | undefined {
  switch (outcome.type) {
    case 'signed-in':
      return undefined
    case 'wait':
      return say.wait(String(outcome.seconds))
    case 'server-gone':
      return say.gone
    case 'wrong':
    case 'inactive':
    case 'temporary':
      return say[outcome.type]
  }
}
