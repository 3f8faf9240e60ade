/** An answer as XML. A list is one element per entry, named as the member. */
export function toXml(root: string, value: unknown): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${element(root, value)}`
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map((entry) => element(name, entry)).join('')
  const tag = tagOf(name)
  return `<${tag}>${content(value)}</${tag}>`
}

function content(value: unknown): string {
  if (typeof value !== 'object' || value === null) return escape(String(value))
  return Object.entries(value)
    .map(([name, member]) => element(name, member))
    .join('')
}

/** Unknown members may have names that XML does not allow. */
function tagOf(name: string): string {
  const tag = name.replace(/[^A-Za-z0-9_.-]/g, '_')
  return /^[A-Za-z_]/.test(tag) ? tag : `_${tag}`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Control characters have no place in XML 1.0, not even escaped; a carriage return would be lost. */
const escape = (text: string): string =>
  text
    .toWellFormed()
    // eslint-disable-next-line no-control-regex
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>]/g, (char) => ENTITIES[char] ?? char)
    .replaceAll('\r', '&#13;')
