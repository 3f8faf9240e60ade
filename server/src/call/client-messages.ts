import type { DialogueEvent } from '../dialogue/events.ts'
import { ClientMessage, type Envelope } from '../schema/messages.ts'

/** Longest text that a client may send to the agent, in UTF-16 units. */
export const TEXT_LIMIT_CHARS = 4096

/**
 * What a client's message means to the engine. Types that are not known, and messages whose data are not
 * what the type wants, mean nothing.
 */
export function clientEvent(
  message: Pick<Envelope, 'type' | 'data'>,
  atMs: number,
): DialogueEvent | undefined {
  const { type, data } = message
  switch (type) {
    case ClientMessage.stop:
      return { type: 'stop', atMs, reason: 'client-stop' }
    case ClientMessage.interrupt:
      return { type: 'interrupt', atMs }
    case ClientMessage.talkStart:
      return { type: 'talk-start', atMs }
    case ClientMessage.talkFinish:
      return { type: 'talk-finish', atMs }
    case ClientMessage.talkCancel:
      return { type: 'talk-cancel', atMs }
    case ClientMessage.text: {
      const text = data['text']
      if (typeof text !== 'string' || text.trim() === '') return undefined
      const interrupts = data['enableInterrupt'] !== 0 && data['enableInterrupt'] !== false
      return { type: 'text-input', atMs, text: text.slice(0, TEXT_LIMIT_CHARS), interrupts }
    }
    case ClientMessage.queryState:
      return { type: 'state-query', atMs }
    default:
      return undefined
  }
}

/** A human in the agent's place does not speak for the user: they may leave, and ask. */
export const mayComeFromHuman = (type: number): boolean =>
  type === ClientMessage.stop ||
  type === ClientMessage.requestToken ||
  type === ClientMessage.queryState

/** Messages that mean nothing without the right data: their sender is told. */
export const isNeedy = (type: number): boolean =>
  type === ClientMessage.text || type === ClientMessage.customToServer

/** Whether these are the data of a message to the server (1112). */
export const isCustom = (data: Envelope['data']): data is { readonly message: string } =>
  typeof data['message'] === 'string'

/** Reads one text of the channel; anything but an envelope gives `undefined`. */
export function parseEnvelope(
  text: string,
): (Pick<Envelope, 'type' | 'data'> & { receiverId?: string }) | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(value) || typeof value['type'] !== 'number') return undefined
  const data = isObject(value['data']) ? value['data'] : {}
  const receiverId = value['receiverId']
  return { type: value['type'], data, ...(typeof receiverId === 'string' ? { receiverId } : {}) }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
