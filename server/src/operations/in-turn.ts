/** Makes the `inTurn` of an operation's context. Different names do not wait for each other. */
export function makeInTurn(): <T>(name: string, task: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return async (name, task) => {
    const before = last.get(name) ?? Promise.resolve()
    const turn = before.then(task, task)
    last.set(name, turn)
    try {
      return await turn
    } finally {
      if (last.get(name) === turn) last.delete(name)
    }
  }
}
