/** The description of the API, from which forms, reference and code examples are made. */

/** The parts of JSON Schema that the description uses. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
  readonly default?: unknown
  readonly format?: string
  readonly description?: string
  readonly contentMediaType?: string
  readonly 'x-unit'?: string
  readonly 'x-multiline'?: boolean
  readonly 'x-maxTrimmedLength'?: number
}

export interface Operation {
  readonly name: string
  readonly version: string
  readonly summary: string
  readonly permission: string
  readonly input: Schema
  readonly output: Schema
  /** Status and the codes that come with it. */
  readonly refusals: readonly { readonly status: string; readonly codes: readonly string[] }[]
}

export interface ApiDescription {
  readonly operations: readonly Operation[]
  readonly structures: Readonly<Record<string, Schema>>
}

interface Document {
  readonly paths: Readonly<Record<string, { readonly post: Described }>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface Described {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly 'x-permission': string
  readonly requestBody: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly 'x-codes'?: readonly string[]
        readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
      }
    >
  >
}

let fetched: Promise<ApiDescription> | undefined

/** Fetched once a visit. */
export function apiDescription(): Promise<ApiDescription> {
  fetched ??= fetch('/openapi.json')
    .then((response) => response.json() as Promise<Document>)
    .then(readDescription)
  // The next who asks tries again.
  fetched.catch(() => (fetched = undefined))
  return fetched
}

export function readDescription(document: Document): ApiDescription {
  const operations = Object.values(document.paths).map(({ post }): Operation => {
    const [body] = Object.values(post.requestBody.content)
    const [answer] = Object.values(post.responses['200']?.content ?? {})
    return {
      name: post.operationId,
      version: post.tags[0] ?? '',
      summary: post.summary,
      permission: post['x-permission'],
      input: body?.schema ?? {},
      output: answer?.schema ?? {},
      refusals: Object.entries(post.responses)
        .filter(([status]) => status !== '200')
        .map(([status, refusal]) => ({ status, codes: refusal['x-codes'] ?? [] })),
    }
  })
  return { operations, structures: document.components.schemas }
}

/** The schema itself where it is a reference; its own description goes before the structure's. */
export function resolve(schema: Schema, { structures }: ApiDescription): Schema {
  const name = schema.$ref?.split('/').at(-1)
  if (name === undefined) return schema
  const { $ref: _, ...own } = schema
  return { ...structures[name], ...own }
}

/** How a value is put in: what the forms and the reference call the kind of a schema. */
export type Kind =
  | 'flag'
  | 'choice'
  | 'number'
  | 'time'
  | 'text'
  | 'json'
  | 'texts'
  | 'list'
  | 'structure'

export function kindOf(given: Schema, api: ApiDescription): Kind {
  const schema = resolve(given, api)
  if (schema.type === 'boolean') return 'flag'
  if (schema.enum !== undefined || schema.const !== undefined) return 'choice'
  if (schema.anyOf !== undefined || schema.type === 'integer' || schema.type === 'number')
    return 'number'
  if (schema.format === 'date-time') return 'time'
  if (schema.contentMediaType === 'application/json') return 'json'
  if (schema.type === 'array') {
    const items = resolve(schema.items ?? {}, api)
    return items.type === 'string' && items.enum === undefined ? 'texts' : 'list'
  }
  if (schema.type === 'object')
    return Object.keys(schema.properties ?? {}).length > 0 ? 'structure' : 'json'
  return 'text'
}

/** The values of a choice, without the empty text that stands for "not given". */
export const choicesOf = (schema: Schema): readonly string[] =>
  (schema.enum ?? [schema.const]).map(String).filter((choice) => choice !== '')
