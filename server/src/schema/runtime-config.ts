import { Type } from 'typebox'
import { described } from './described.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { TEMPLATES, type TemplateType } from './ai-agent-template-config.ts'
import { readStructure, type WireIssue } from './read.ts'
import { isObject } from './wire.ts'

const joinMembers = described(
  {
    AgentUserId: Type.Optional(Type.String()),
    ChannelId: Type.Optional(Type.String()),
    AuthToken: Type.Optional(Type.String()),
  },
  {
    AgentUserId: 'The agent in the channel.',
    ChannelId: 'The channel.',
    AuthToken: "The agent's token for the channel.",
  },
)
const joining = Type.Object(joinMembers, { additionalProperties: true })

/** Where and as whom the agent joins: flat, or (deprecated) under the kind of the agent. */
export const aiAgentRuntimeConfig = Type.Object(
  {
    ...joinMembers,
    ...described(
      {
        VoiceChat: Type.Optional(joining),
        VisionChat: Type.Optional(joining),
        AvatarChat3D: Type.Optional(joining),
        VideoChat: Type.Optional(joining),
      },
      {
        VoiceChat: 'The same for a voice agent; deprecated.',
        VisionChat: 'The same for a vision agent; deprecated.',
        AvatarChat3D: 'The same for an agent with a digital human; deprecated.',
        VideoChat: 'The same for a video agent; deprecated.',
      },
    ),
  },
  { additionalProperties: true },
)

export interface AgentJoining {
  readonly channelId: string
  readonly agentUserId: string
  readonly authToken: string
  /** As given, completed flat and under the agent's kind: what lists and descriptions give back. */
  readonly runtimeConfig: Readonly<Record<string, unknown>>
}

/** Names of channels and users. */
export const CHANNEL_NAME = /^[A-Za-z0-9_-]{1,64}$/
export const CHANNEL_NAME_RULE = '1 to 64 letters, digits, "_" and "-"'

/** Reads `RuntimeConfig`. White space around the values has no effect but is given back. */
export function readRuntimeConfig(
  value: unknown,
  type: TemplateType,
): Result<AgentJoining, WireIssue> {
  const read = readStructure(aiAgentRuntimeConfig, value, 'RuntimeConfig')
  if (!read.ok) return read
  const config = isObject(read.value) ? read.value : {}
  const found: Record<string, string> = {}
  for (const name of ['AgentUserId', 'ChannelId', 'AuthToken'] as const) {
    const text = firstText([config, config[type], ...otherKinds(config, type)], name)
    const path = `RuntimeConfig.${name}`
    if (text === undefined) return fail({ path, allowed: 'text, it must be given', got: 'nothing' })
    if (name !== 'AuthToken' && !CHANNEL_NAME.test(text.trim())) {
      return fail({ path, allowed: CHANNEL_NAME_RULE, got: `${text.trim().length} characters` })
    }
    found[name] = text
  }
  const given = Object.entries(isObject(config[type]) ? config[type] : {})
  const own = { ...found, ...Object.fromEntries(given.filter(([, member]) => member !== '')) }
  return ok({
    channelId: (found['ChannelId'] ?? '').trim(),
    agentUserId: (found['AgentUserId'] ?? '').trim(),
    authToken: (found['AuthToken'] ?? '').trim(),
    runtimeConfig: { ...config, ...found, [type]: own },
  })
}

const otherKinds = (config: Record<string, unknown>, type: TemplateType): readonly unknown[] =>
  Object.keys(TEMPLATES)
    .filter((kind) => kind !== type)
    .map((kind) => config[kind])

function firstText(places: readonly unknown[], name: string): string | undefined {
  for (const place of places) {
    const text = isObject(place) && Object.hasOwn(place, name) ? place[name] : undefined
    if (typeof text === 'string' && text.trim() !== '') return text
  }
  return undefined
}

/** The same structure for a call whose channel and token the server makes. */
export function makeRuntimeConfig(
  join: { readonly channelId: string; readonly agentUserId: string; readonly authToken: string },
  type: TemplateType,
): Readonly<Record<string, unknown>> {
  const flat = {
    AgentUserId: join.agentUserId,
    ChannelId: join.channelId,
    AuthToken: join.authToken,
  }
  return { ...flat, [type]: flat }
}
