import { words } from '../base/words.ts'
import type { Issue } from './check.ts'

export const WORDS = words(
  {
    byDefault: (value: string) => `default: ${value}`,
    unset: 'Not set',
    on: 'On',
    off: 'Off',
    perLine: 'One per line.',
    add: 'Add',
    remove: 'Remove',
    reset: 'Back to the default',
    entry: (number: number) => `No. ${number}`,
    missing: 'Must be given.',
    range: (allowed: string) => `Allowed: ${allowed}.`,
    length: (allowed: string) => `Too long: ${allowed} characters.`,
    count: (allowed: string) => `Too many: ${allowed}.`,
    choice: (allowed: string) => `One of: ${allowed}.`,
    number: (allowed: string) => `Must be a number${allowed === '' ? '' : `: ${allowed}`}.`,
    json: 'Is no valid JSON.',
    type: (allowed: string) => `Must be: ${allowed}.`,
    required: 'required',
  },
  {
    byDefault: (value: string) => `默认：${value}`,
    unset: '未设置',
    on: '开',
    off: '关',
    perLine: '每行一项。',
    add: '添加',
    remove: '删除',
    reset: '恢复默认',
    entry: (number: number) => `第 ${number} 项`,
    missing: '必填。',
    range: (allowed: string) => `允许范围：${allowed}。`,
    length: (allowed: string) => `过长：${allowed} 个字符。`,
    count: (allowed: string) => `过多：${allowed}。`,
    choice: (allowed: string) => `可选值：${allowed}。`,
    number: (allowed: string) => `必须是数字${allowed === '' ? '' : `：${allowed}`}。`,
    json: '不是有效的 JSON。',
    type: (allowed: string) => `必须是：${allowed}。`,
    required: '必填',
  },
)

/** An issue in words. */
export function issueText({ kind, allowed }: Issue, say: (typeof WORDS)['en']): string {
  switch (kind) {
    case 'missing':
      return say.missing
    case 'json':
      return say.json
    default:
      return say[kind](allowed)
  }
}
