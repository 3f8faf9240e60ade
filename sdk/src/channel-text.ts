/** What the channel itself says, beside the agent's messages; see docs/channels.md. */
export type ChannelText = 'ping' | 'pong' | 'bye'

export const PONG = '{"type":"pong"}'

const NAMES: ReadonlySet<unknown> = new Set<ChannelText>(['ping', 'pong', 'bye'])
/** The channel's own texts are short; no longer one is looked at. */
const LIMIT_CHARS = 200

/** Which of the channel's own texts this is, if any. */
export function readChannelText(json: string): ChannelText | undefined {
  if (json.length > LIMIT_CHARS) return undefined
  try {
    const { type } = JSON.parse(json) as { readonly type?: unknown }
    return NAMES.has(type) ? (type as ChannelText) : undefined
  } catch {
    return undefined
  }
}
