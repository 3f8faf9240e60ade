import { fail, ok, type Result } from '../base/result.ts'

/** Reads a variable of the server's environment. */
export type ReadVariable = (name: string) => string | undefined

/**
 * The key that an agent's `Providers` names by `apiKeyEnv`, or, where it names none, `otherwise`. The error names
 * `path` and the variable, never a value.
 */
export function readApiKey(
  path: string,
  choice: { readonly apiKeyEnv?: string | undefined },
  environment: ReadVariable,
  otherwise?: string,
): Result<string | undefined, string> {
  let key = otherwise
  if (choice.apiKeyEnv !== undefined) {
    key = environment(choice.apiKeyEnv)?.trim()
    if (key === undefined || key === '') {
      return fail(`${path}.apiKeyEnv names ${choice.apiKeyEnv}, which is not set on this server.`)
    }
  }
  // It goes into a header, where other characters would fail at every single turn.
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    return fail(`The key of ${path} must hold only visible ASCII characters.`)
  }
  return ok(key)
}

/** Where an OpenAI-compatible service is, and with which key. */
export interface Endpoint {
  readonly baseUrl: string
  readonly apiKey?: string
}

/**
 * The agent's endpoint, or what it leaves out the server's. The server's key goes to the server's endpoint
 * alone: an agent that names another address must name a key of its own, or does without.
 */
export function readEndpoint(
  path: string,
  choice: { readonly baseUrl?: string | undefined; readonly apiKeyEnv?: string | undefined },
  server: { readonly baseUrl: string; readonly apiKey?: string | undefined },
  environment: ReadVariable,
): Result<Endpoint, string> {
  const baseUrl = choice.baseUrl ?? server.baseUrl
  if (!URL.canParse(baseUrl)) return fail(`${path}.baseUrl must be an address.`)
  const isServers = baseUrl === server.baseUrl
  const key = readApiKey(path, choice, environment, isServers ? server.apiKey : undefined)
  if (!key.ok) return key
  return ok({ baseUrl, ...(key.value !== undefined && { apiKey: key.value }) })
}
