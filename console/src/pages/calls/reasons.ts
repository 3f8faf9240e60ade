import { useWords, words } from '../../base/words.ts'

/** Why a call ended, by `EndReason`. */
export const REASONS = words(
  {
    stopped: 'Stopped by the API',
    'client-stop': 'Stopped by the client',
    'user-never-came': 'Nobody came',
    'user-left': 'The user left',
    idle: 'Nobody spoke',
    'hangup-function': 'The agent hung up',
    'takeover-ended': 'The human left',
    shutdown: 'The server was stopped',
    lost: 'The server or a worker died',
    error: 'An error',
  },
  {
    stopped: '由 API 结束',
    'client-stop': '由客户端结束',
    'user-never-came': '用户未接入',
    'user-left': '用户离开',
    idle: '长时间无人说话',
    'hangup-function': '智能体挂断',
    'takeover-ended': '人工离开',
    shutdown: '服务器停止',
    lost: '服务器或工作进程中断',
    error: '发生错误',
  },
)

export type Reason = keyof (typeof REASONS)['en']

export const isReason = (reason: string): reason is Reason => Object.hasOwn(REASONS.en, reason)

/** What is said of an `EndReason`; the reason itself where a newer server knows more. */
export function useReasonText(): (reason: string) => string {
  const say = useWords(REASONS)
  return (reason) => (isReason(reason) ? say[reason] : reason)
}
