/** A function of the agent's own, as its configuration declares it (`antiphon.Tools`). */
export interface Tool {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments, an object. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly url: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** May hold secrets: never logged. */
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

export interface ToolRequest {
  readonly tool: Tool
  /** JSON text, as the model wrote it: perhaps not even JSON. */
  readonly arguments: string
  /** Told to the function, so that it can tell calls apart. */
  readonly instanceId: string
  readonly turnId: number
}

/** Calls functions. Neither arguments nor results may be logged: they are what people said. */
export interface ToolRunner {
  /** `onResult` comes once, and not while `run` runs: what the model is to read, a mistake as `{"error": …}`. */
  run(request: ToolRequest, onResult: (content: string) => void): ToolRun
}

export interface ToolRun {
  /** Gives it up; no result comes any more. May be called twice. */
  cancel(): void
}
