import { Type, type Static } from 'typebox'
import { ok } from '../base/result.ts'
import type { KnownProvider } from '../ports/provider-desk.ts'
import { described } from '../schema/described.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { providerOptions } from '../schema/provider-options.ts'
import { operation } from './operation.ts'

const folder = Type.Object(
  described(
    { Name: Type.String(), About: Type.String() },
    { Name: 'What Providers name in the option folder.', About: 'What it holds.' },
  ),
)

const provider = Type.Object(
  described(
    {
      Kind: Type.Enum(['asr', 'llm', 'tts', 'vad']),
      Provider: Type.String(),
      IsDefault: Type.Boolean(),
      IsUsable: Type.Boolean(),
      Reason: Type.Optional(Type.String()),
      AnyLanguage: Type.Optional(Type.Boolean()),
      Languages: Type.Optional(Type.Array(Type.String())),
      Voices: Type.Optional(Type.Array(Type.String())),
      Folders: Type.Optional(Type.Array(folder)),
      Options: Type.Object({}, { additionalProperties: true }),
    },
    {
      Kind: 'asr: recognition, llm: language model, tts: voice, vad: voice activity.',
      Provider: 'Its name in Providers.',
      IsDefault: 'Whether it serves agents that choose none of its kind.',
      IsUsable: 'Whether it can be chosen without any option.',
      Reason: 'Why not, or what the options must say.',
      AnyLanguage: 'Its languages are known only where its model lies.',
      Languages: 'Values of AsrConfig.AsrLanguageId that it recognises.',
      Voices: 'Values of TtsConfig.VoiceId, where they are known.',
      Folders: "Folders of the server's models folder that it can run.",
      Options: 'JSON Schema of its options.',
    },
  ),
)

export const listProviders = operation({
  name: 'ListProviders',
  version: OWN_VERSION,
  summary: 'Lists the providers that an agent can choose, with their options.',
  errors: [],
  input: Type.Object({}),
  about: {},
  output: Type.Object(described({ Providers: Type.Array(provider) }, { Providers: 'By kind.' })),
  run: async (_, { providerDesk }) => ok({ Providers: (await providerDesk.list()).map(answerOf) }),
})

function answerOf(known: KnownProvider): Static<typeof provider> {
  const { kind, name, isDefault, isUsable, reason, languages, voices, folders } = known
  return {
    Kind: kind,
    Provider: name,
    IsDefault: isDefault,
    IsUsable: isUsable,
    ...(reason !== undefined && { Reason: reason }),
    ...(languages === 'any' && { AnyLanguage: true }),
    ...(Array.isArray(languages) && { Languages: [...(languages as readonly string[])] }),
    ...(voices && { Voices: [...voices] }),
    ...(folders && { Folders: folders.map((one) => ({ Name: one.name, About: one.about })) }),
    Options: providerOptions(kind, name),
  }
}
