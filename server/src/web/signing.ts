import { createHmac, createHash, timingSafeEqual } from 'node:crypto'

/**
 * Signs a text for one purpose with the server's secret (HMAC-SHA256, base64url). A signature made for one
 * purpose is worthless for another.
 */
export const sign = (secret: Uint8Array, purpose: string, text: string): string =>
  createHmac('sha256', secret).update(`${purpose}\n${text}`).digest('base64url')

/** Compares without telling by its duration how much was right. */
export function isSame(one: string, two: string): boolean {
  const [first, second] = [one, two].map((text) => createHash('sha256').update(text).digest())
  return first !== undefined && second !== undefined && timingSafeEqual(first, second)
}
