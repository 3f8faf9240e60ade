/** Our structures against those of the reference: names, types, bounds, choices, defaults. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { aiAgentDialogue, dialogueAttachment } from './ai-agent-dialogue.ts'
import { callLog, callLogEntry } from './call-log.ts'
import { fromTemplate } from './effective-config.ts'
import type { SchemaNode } from './read.ts'
import { rtcRobotConfig, rtcRobotUpdatableConfig } from './rtc-robot-config.ts'
import { aiAgentRuntimeConfig } from './runtime-config.ts'
import { STRUCTURES } from './structures.ts'

interface Member extends SchemaNode {
  /** Its own structure. */
  readonly is?: string
  readonly items?: Member
}
interface Structure {
  readonly required?: readonly string[]
  readonly members: Readonly<Record<string, Member>>
}

/** The reference's structures without their descriptions, and the places of the flat form's members. */
const reference = JSON.parse(
  readFileSync(new URL('../../test/data/structures.json', import.meta.url), 'utf8'),
) as {
  readonly structures: Readonly<Record<string, Structure>>
  readonly templatePlaces: Readonly<Record<string, string>>
}

const OURS = {
  ...STRUCTURES,
  AIAgentRuntimeConfigChat: aiAgentRuntimeConfig.properties.VoiceChat,
  DialogueAttachment: dialogueAttachment,
  AIAgentDialogue: aiAgentDialogue,
  RtcRobotConfig: rtcRobotConfig,
  RtcRobotUpdatableConfig: rtcRobotUpdatableConfig,
  CallLogEntry: callLogEntry,
  CallLog: callLog,
} as unknown as Readonly<Record<string, SchemaNode>>

/** Of messaging; the operations take it as any object. */
const NOT_MADE = ['ChatSyncConfig']

/** Where we are known to differ, and why. */
const DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  // Telephone calls are not there yet.
  'AIAgentInstanceDetail.CallInfo': ['absent'],
  // Which languages there are is the recogniser's business.
  'AsrConfig.AsrLanguageId': ['enum'],
  'AIAgentTemplateVoiceChat.AsrLanguageId': ['enum'],
  'AIAgentTemplateVisionChat.AsrLanguageId': ['enum'],
  'AIAgentTemplateAvatarChat3D.AsrLanguageId': ['enum'],
  // Another text of the vendor's says up to 10; empty counts as not given.
  'PronunciationRule.Word': ['minLength', 'maxLength'],
  'PronunciationRule.Pronunciation': ['minLength', 'maxLength'],
  // It is empty in calls, and not text of anything.
  'AIAgentDialogue.Extend': ['contentMediaType'],
}
/** Members that the reference does not have there. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  AIAgentConfig: ['GreetingDelay', 'antiphon'],
  AIAgentRuntimeConfig: ['VideoChat'],
  AIAgentTemplateConfig: ['VideoChat'],
  AIAgentInstanceDetail: ['antiphon'],
}
const EXACT = [
  'default',
  'minimum',
  'maximum',
  'minLength',
  'maxItems',
  'contentMediaType',
] as const

const typeOf = ({ type, enum: choices, anyOf }: SchemaNode): unknown =>
  type ?? (choices === undefined ? anyOf?.map(typeOf).at(-1) : 'string')

const choicesOf = ({ enum: choices = [] }: SchemaNode): string =>
  choices
    .filter((choice) => choice !== '')
    .toSorted()
    .join()

/** What of a member is not as the reference has it. */
function differences(theirs: Member, ours: SchemaNode | undefined): readonly string[] {
  if (ours === undefined) return ['absent']
  if (theirs.is !== undefined) {
    const { members = {} } = reference.structures[theirs.is] ?? {}
    const isKnown = theirs.is === 'AIAgentInstanceStatus' ? ours.enum?.length === 3 : true
    const lacking = Object.keys(members).filter((name) => ours.properties?.[name] === undefined)
    return isKnown && lacking.every((name) => name === 'CallInfo') ? [] : ['structure']
  }
  const wrong: string[] = EXACT.filter(
    (name) => theirs[name] !== undefined && theirs[name] !== ours[name],
  )
  if (typeOf(theirs) !== typeOf(ours)) wrong.push('type')
  if (choicesOf(theirs) !== choicesOf(ours)) wrong.push('enum')
  const longest = ours.maxLength ?? ours['x-maxTrimmedLength']
  if (theirs.maxLength !== undefined && theirs.maxLength !== longest) wrong.push('maxLength')
  if (rangesOf(theirs) !== rangesOf(ours)) wrong.push('anyOf')
  if (theirs.items === undefined) return wrong
  return [...wrong, ...differences(theirs.items, ours.items)]
}

const rangesOf = ({ anyOf = [] }: SchemaNode): string =>
  anyOf.map((range) => range.const ?? `${range.minimum} to ${range.maximum}`).join(' or ')

for (const [name, { members, required = [] }] of Object.entries(reference.structures)) {
  if (NOT_MADE.includes(name)) continue
  test(`${name} is as the reference has it`, () => {
    const ours = OURS[name]
    assert.ok(ours?.properties !== undefined, 'there is no such structure')
    const found = Object.entries(members).map(([member, theirs]) => [
      `${name}.${member}`,
      differences(theirs, ours.properties?.[member]),
    ])
    const expected = Object.keys(members).map((member) => [
      `${name}.${member}`,
      DIFFERENCES[`${name}.${member}`] ?? [],
    ])
    assert.deepEqual(found, expected)
    const added = Object.keys(ours.properties).filter((member) => !(member in members))
    assert.deepEqual(added, ADDED[name] ?? [])
    // A nested RuntimeConfig is completed from the flat one: nothing in it is required.
    if (name === 'AIAgentRuntimeConfigChat') return
    for (const member of required) assert.ok(ours.required?.includes(member), member)
  })
}

test('each member of the flat form has the place that the reference gives it', () => {
  for (const [name, place] of Object.entries(reference.templatePlaces)) {
    const [section = '', member] = place.split('.')
    const expected = member === undefined ? { [section]: 1 } : { [section]: { [member]: 1 } }
    assert.deepEqual(fromTemplate({ [name]: 1 }), expected, name)
  }
})
