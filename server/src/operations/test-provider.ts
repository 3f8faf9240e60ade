import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { TEST_PROBLEMS, TEST_WARNINGS, TESTED_KINDS } from '../ports/provider-desk.ts'
import { described } from '../schema/described.ts'
import { invalidParameter } from '../schema/errors.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import type { ProviderChoice } from '../schema/providers.ts'
import { isObject, readJsonText } from '../schema/wire.ts'
import { operation } from './operation.ts'

export const testProvider = operation({
  name: 'TestProvider',
  version: OWN_VERSION,
  summary: 'Asks a provider for a little of what it is for, and tells precisely what is wrong.',
  errors: [],
  input: Type.Object({
    Kind: Type.Enum([...TESTED_KINDS]),
    Choice: Type.Optional(Type.String({ maxLength: 65_536 })),
  }),
  about: {
    Kind: 'asr: recognition, llm: language model, tts: voice.',
    Choice: {
      text:
        'What would stand in Providers under that kind, as JSON text: {"provider": "openai", "baseUrl": …, "model": …, ' +
        '"apiKeyEnv": …}. Left out: the default of this server.',
      isLong: true,
    },
  },
  output: Type.Object(
    described(
      {
        IsWorking: Type.Boolean(),
        Problem: Type.Optional(Type.Enum([...TEST_PROBLEMS])),
        Warnings: Type.Array(Type.Enum([...TEST_WARNINGS])),
        Message: Type.String(),
        FirstMs: Type.Optional(Type.Integer()),
        TotalMs: Type.Optional(Type.Integer()),
        Answer: Type.Optional(Type.String()),
        Models: Type.Optional(Type.Array(Type.String())),
      },
      {
        IsWorking: 'Whether it did what it is for.',
        Problem:
          'What stands in the way. settings: the choice itself; key-missing: the variable is not set; dns, refused, tls, ' +
          'unreachable, timeout: the way there; key, model, address, quota, server: what it said; answer, empty: what it gave.',
        Warnings:
          'It works, but: no-streaming, slow (more than 1.5 s to the first word), thinks; untested: it is loaded with the first call.',
        Message: 'The same in words, and what to do.',
        FirstMs: { text: 'Until the first word or sound.', unit: 'ms' },
        TotalMs: { text: 'Until the end.', unit: 'ms' },
        Answer: 'What the model said, or what was recognised.',
        Models: 'Models that there are, when the one asked for is not.',
      },
    ),
  ),
  run: async ({ Kind: kind, Choice: text }, { providerDesk }) => {
    const choice = text === undefined ? undefined : readChoice(text)
    if (text !== undefined && choice === undefined) {
      return fail(invalidParameter('Choice', 'allowed: a JSON object with the member provider'))
    }
    const report = await providerDesk.test(kind, choice)
    const { problem, warnings, message, firstMs, totalMs, answer, models } = report
    return ok({
      IsWorking: problem === undefined,
      ...(problem !== undefined && { Problem: problem }),
      Warnings: [...warnings],
      Message: message,
      ...(firstMs !== undefined && { FirstMs: firstMs }),
      ...(totalMs !== undefined && { TotalMs: totalMs }),
      ...(answer !== undefined && { Answer: answer }),
      ...(models && { Models: [...models] }),
    })
  },
})

function readChoice(text: string): ProviderChoice | undefined {
  const read = readJsonText(text)
  if (!read.ok || !isObject(read.value)) return undefined
  return typeof read.value['provider'] === 'string' ? (read.value as ProviderChoice) : undefined
}
