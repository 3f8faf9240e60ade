import { join } from 'node:path'
import type { AccessDirectory } from '../access/directory.ts'
import type { Principal } from '../access/principal.ts'
import { consolePrincipal, type KeyRing, type Permit } from '../api/caller.ts'
import { createApi, type Api } from '../api/handler.ts'
import { createPermit } from '../api/permission.ts'
import type { Calls } from '../ports/calls.ts'
import { createProviderDesk } from '../providers/desk/desk.ts'
import { startSoundThread } from '../providers/sounds/sound-thread.ts'
import { defaultProviders, type ProviderNames } from '../schema/providers.ts'
import { openAmbientFolder } from '../store/ambient-folder.ts'
import { openRecordingFolder } from '../store/recording-folder.ts'
import { endedSessions } from '../web/ended-sessions.ts'
import type { Keys } from '../web/key-files.ts'
import { createLogUrls, type LogUrls } from '../web/log-url.ts'
import { createRecordingUrls, type RecordingUrls } from '../web/recording-url.ts'
import { createSessions, type Sessions } from '../web/session.ts'
import type { Foundations } from './foundations.ts'

/** Where files are to be fetched that an answer names. */
export interface Files {
  readonly logUrls: LogUrls
  readonly recordingUrls: RecordingUrls
  readonly recordings: ReturnType<typeof openRecordingFolder>
}

export function openFiles({ config, keys, clock }: Foundations): Files {
  const signing = { secret: keys.serverSecret, clock }
  return {
    logUrls: createLogUrls(signing),
    recordingUrls: createRecordingUrls(signing),
    recordings: openRecordingFolder(join(config.dataFolder, 'recordings')),
  }
}

/** Who may come in, by key or by cookie, and what they may do. */
export interface Doors {
  readonly keyRing: Required<KeyRing>
  readonly permit: Permit
  readonly sessions: Sessions
}

export async function openDoors(foundations: Foundations): Promise<Doors> {
  const { config, keys, store, access, clock, ids, log } = foundations
  const keyRing = keyRingOf(keys.accessKey, access)
  const sessions = createSessions({
    secret: keys.serverSecret,
    clock,
    ids,
    publicUrl: config.publicUrl,
    findKey: keyRing.findKey,
    ...(await endedSessions({ store, wallMs: clock.wallMs(), log })),
  })
  return { keyRing, permit: createPermit(access), sessions }
}

/** The key of the account itself, and those of its users and sessions. */
function keyRingOf(root: Keys['accessKey'], access: AccessDirectory): Required<KeyRing> {
  const { accountId } = access
  const principal: Principal = { type: 'Account', id: 'root', accountId }
  return {
    findKey: (accessKeyId) =>
      accessKeyId === root.accessKeyId
        ? { secret: root.accessKeySecret, status: 'Active', principal }
        : access.findKey(accessKeyId),
    findToken: (securityToken) => access.findToken(securityToken),
  }
}

/** The providers of agents that name none. */
export const providersOf = ({ config }: Foundations): ProviderNames =>
  defaultProviders({ hasOpenAi: config.openAi !== undefined })

/** The operations behind HTTP. */
export function buildApi(
  foundations: Foundations,
  { calls, doors, files }: { readonly calls: Calls; readonly doors: Doors; readonly files: Files },
): Api {
  const { config, keys, store, access, clock, ids, log, telemetry } = foundations
  const { publicUrl } = config
  return createApi({
    clock,
    ids,
    log,
    store,
    access,
    calls,
    rtcApp: keys.rtcApp,
    logUrl: (instanceId, origin) => files.logUrls.logUrl(instanceId, origin),
    recordings: files.recordings,
    recordingUrl: (file, origin) => files.recordingUrls.recordingUrl(file, origin),
    ...(publicUrl !== undefined && { publicUrl }),
    defaultProviders: providersOf(foundations),
    providerDesk: deskOf(foundations),
    outboundRules: config.outbound,
    ambientSounds: openAmbientFolder(join(config.dataFolder, 'ambient')),
    soundDecoder: startSoundThread(log),
    ...doors.keyRing,
    permit: doors.permit,
    rateLimits: config.rateLimits,
    mayStartByToken: (agentId) =>
      config.startByToken === 'on' || config.startByToken.includes(agentId),
    onAnswered: telemetry.answered,
    signedInAs: (request) => {
      const signedIn = doors.sessions.signedInAs(request)
      return signedIn && (signedIn.principal ?? consolePrincipal(access.accountId))
    },
  })
}

const deskOf = ({ config, environment, clock, ids, log }: Foundations) =>
  createProviderDesk({
    clock,
    ids,
    log,
    cacheFolder: config.dataFolder,
    modelsFolder: config.modelsFolder,
    ...(config.espeak !== undefined && { espeak: config.espeak }),
    openAi: config.openAi,
    environment: (name) => environment[name],
  })
