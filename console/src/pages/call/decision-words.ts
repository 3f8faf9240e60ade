import type { DECISION_KINDS } from '../../../../server/src/schema/call-decision.ts'
import { words, type Language } from '../../base/words.ts'
import type { CallLog, Decision } from './log.ts'
import { SENTENCES } from './decision-sentences.ts'

export type DecisionKind = keyof typeof DECISION_KINDS

/** What each kind of decision is called. */
export const KINDS = words(
  {
    pause: 'Short pause',
    'turn-end': 'Turn over',
    'turn-continued': 'Turn goes on',
    'turn-waits': 'Turn waits',
    'turn-dropped': 'Turn dropped',
    'nothing-heard': 'Nothing recognised',
    acknowledgement: 'Only listening',
    'agent-held': 'Stopped to listen',
    interruption: 'Interruption',
    'no-interruption': 'No interruption',
    answer: 'Answer',
    'reply-failed': 'Answer failed',
    filler: 'Filler',
    tool: 'Function',
    speculation: 'Asked ahead',
    backchannel: 'Backchannel',
    'idle-prompt': 'Still there?',
    'call-end': 'Call over',
  } satisfies Readonly<Record<DecisionKind, string>>,
  {
    pause: '短暂停顿',
    'turn-end': '本轮结束',
    'turn-continued': '本轮继续',
    'turn-waits': '稍后回答',
    'turn-dropped': '本轮丢弃',
    'nothing-heard': '未识别到内容',
    acknowledgement: '仅表示在听',
    'agent-held': '暂停倾听',
    interruption: '打断',
    'no-interruption': '未打断',
    answer: '应答',
    'reply-failed': '回答失败',
    filler: '过渡语',
    tool: '函数',
    speculation: '提前请求',
    backchannel: '附和',
    'idle-prompt': '询问是否在线',
    'call-end': '通话结束',
  },
)

/** What a kind is called; the kind itself where a newer server knows more. */
export const kindText = (kind: string, tongue: Language): string =>
  Object.hasOwn(KINDS.en, kind) ? KINDS[tongue][kind as DecisionKind] : kind

const FIGURES: Readonly<Record<string, string>> = {
  pauseMs: '停顿',
  speechMs: '说话',
  silenceMs: '静音',
  recognitionMs: '识别',
  lateMs: '转写晚到',
  sinceMs: '已过',
  heardMs: '听到',
  bargeInMs: '打断门限',
  spokenMs: '智能体已说',
  totalMs: '共',
  queueMs: '等智能体说完',
  modelMs: '模型',
  functionsMs: '函数',
  textMs: '首段文本',
  awayMs: '无人在线',
  synthesisMs: '合成',
  aheadMs: '提前',
  waitMs: '等待',
  quietMs: '无声',
}

/** A decision without its words, which are English: its kind, and the figures in ms. */
export function figuresText({ kind, figures }: Pick<Decision, 'kind' | 'figures'>): string {
  const told = Object.entries(figures).flatMap(([name, value]) => {
    const word = FIGURES[name]
    return word === undefined ? [] : [`${word} ${value} ms`]
  })
  const name = kindText(kind, 'zh')
  return told.length === 0 ? name : `${name}：${told.join('，')}`
}

const PLAIN = /^(?:“.*”|\d+ ms|\d+|[\w.-]+)$/su
const MATCHERS = SENTENCES.map(([english, chinese]) => {
  const pattern = english
    .split(/\{\d\}/)
    .map((part) => part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&'))
  return [new RegExp(`^${pattern.join('(.+?)')}$`, 'su'), chinese] as const
})

/** The engine's English sentence in Chinese; `undefined` when it is not known. What was said stays as it is. */
export function inChinese(english: string): string | undefined {
  for (const [pattern, chinese] of MATCHERS) {
    const found = pattern.exec(english)
    if (found === null) continue
    const parts = found
      .slice(1)
      .map((part) => inChinese(part) ?? (PLAIN.test(part) ? part : undefined))
    if (parts.includes(undefined)) continue
    return chinese.replaceAll(/\{(\d)\}/g, (_, index: string) => parts[Number(index)] ?? '')
  }
  return undefined
}

const told = (decision: Decision): Decision => ({
  ...decision,
  words: inChinese(decision.words) ?? figuresText(decision),
})

/** Decisions in the language of the console. */
export const decisionsIn = (
  decisions: readonly Decision[],
  tongue: Language,
): readonly Decision[] => (tongue === 'en' ? decisions : decisions.map(told))

/** A log whose reasons are told in the language of the console. */
export function logIn(log: CallLog, tongue: Language): CallLog {
  if (tongue === 'en') return log
  const { antiphon } = log
  const turns = antiphon.turns.map((turn) =>
    turn.endpointReason === undefined
      ? turn
      : { ...turn, endpointReason: inChinese(turn.endpointReason) ?? '' },
  )
  return { ...log, antiphon: { ...antiphon, turns, decisions: antiphon.decisions.map(told) } }
}
