import type { ApiFailure } from '../base/api.ts'
import { useWords, words } from '../base/words.ts'
import { Button } from './button.tsx'

const WORDS = words(
  {
    retry: 'Try again',
    gone: 'The server does not answer. It may have been stopped, or the network is down.',
    unavailable: 'The server cannot do this right now. Try again in a moment.',
    signedOut: 'This browser is not signed in any more.',
    forbidden: (action: string) =>
      `The key you signed in with may not do this. A policy would have to allow it ${action}.`,
    accountOnly: 'Only the account itself may do this, not the key of a user.',
  },
  {
    retry: '重试',
    gone: '服务器没有响应，可能已停止运行或网络中断。',
    unavailable: '服务器暂时无法处理，请稍后重试。',
    signedOut: '此浏览器已退出登录。',
    forbidden: (action: string) => `您登录所用的密钥无权执行此操作，需要有策略允许 ${action}。`,
    accountOnly: '只有主账号可以执行此操作，用户的密钥不行。',
  },
)

/** What to tell of a failed operation: the server's own words where it refused. */
export function useFailureText(): (failure: ApiFailure) => string {
  const say = useWords(WORDS)
  return (failure) => {
    switch (failure.type) {
      case 'server-gone':
        return say.gone
      case 'unavailable':
        return say.unavailable
      case 'signed-out':
        return say.signedOut
      case 'refused':
        return forbiddenText(failure, say) ?? `${failure.code}: ${failure.message}`
    }
  }
}

/** What a policy does not allow, in words; `undefined` for other refusals. */
function forbiddenText(
  { code, message }: { readonly code: string; readonly message: string },
  say: (typeof WORDS)['en'],
): string | undefined {
  if (code !== 'NoPermission') return undefined
  const action = /Action: ([\w:]+)/.exec(message)?.[1] ?? ''
  return action.startsWith('ram:') ? say.accountOnly : say.forbidden(action)
}

export function Failure({ failure, onRetry }: { failure: ApiFailure; onRetry?: () => void }) {
  const say = useWords(WORDS)
  const text = useFailureText()
  return (
    <div
      role="alert"
      class="flex flex-wrap items-center gap-3 rounded-xl bg-danger-tint px-4 py-3 text-sm"
    >
      <span class="icon icon-alert text-danger" aria-hidden="true" />
      <p class="min-w-0 flex-1 break-words">{text(failure)}</p>
      {onRetry && <Button onClick={onRetry}>{say.retry}</Button>}
    </div>
  )
}
