import type { ApiFailure } from '../base/api.ts'
import { useWords, words } from '../base/words.ts'
import { Button } from './button.tsx'

const WORDS = words(
  {
    retry: 'Try again',
    gone: 'The server does not answer. It may have been stopped, or the network is down.',
    unavailable: 'The server cannot do this right now. Try again in a moment.',
    signedOut: 'This browser is not signed in any more.',
  },
  {
    retry: '重试',
    gone: '服务器没有响应，可能已停止运行或网络中断。',
    unavailable: '服务器暂时无法处理，请稍后重试。',
    signedOut: '此浏览器已退出登录。',
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
        return `${failure.code}: ${failure.message}`
    }
  }
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
