import { DEPTH_LIMIT } from './read.ts'

/** Longest list that dotted names may spell. */
export const FLATTENED_LIST_LIMIT = 1000

interface Tree {
  readonly members: Map<string, Tree | string>
}

/**
 * Puts a structure together that was sent as dotted names: `Name.Member.Member` and, for lists,
 * `Name.1`, `Name.2`. Nothing when there are none.
 */
export function readFlattened(parameters: ReadonlyMap<string, string>, name: string): unknown {
  const prefix = `${name}.`
  const root: Tree = { members: new Map() }
  for (const [key, value] of parameters) {
    if (!key.startsWith(prefix)) continue
    const path = key.slice(prefix.length).split('.')
    if (path.length <= DEPTH_LIMIT && path.every((part) => part !== '')) plant(root, path, value)
  }
  return root.members.size === 0 ? undefined : toValue(root)
}

function plant(root: Tree, path: readonly string[], value: string): void {
  let tree = root
  for (const part of path.slice(0, -1)) {
    const next = tree.members.get(part)
    if (typeof next === 'object') tree = next
    else {
      const planted: Tree = { members: new Map() }
      tree.members.set(part, planted)
      tree = planted
    }
  }
  tree.members.set(path.at(-1) ?? '', value)
}

function toValue(tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree
  const numbers = [...tree.members.keys()].map((key) => (/^[1-9]\d{0,3}$/.test(key) ? +key : NaN))
  const isList = numbers.every((number) => number <= FLATTENED_LIST_LIMIT)
  if (!isList) {
    const entries = [...tree.members].filter(([key]) => key !== '__proto__')
    return Object.fromEntries(entries.map(([key, member]) => [key, toValue(member)]))
  }
  const sorted = [...tree.members].toSorted(([a], [b]) => Number(a) - Number(b))
  return sorted.map(([, member]) => toValue(member))
}
