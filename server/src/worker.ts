/**
 * A media worker: a child process of `main.ts` that holds whole calls, with their connections, providers and
 * sound. What it is told and says stands in `ports/worker-protocol.ts`.
 */
import { flushCompileCache } from 'node:module'
import type { Socket } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Log } from './base/log.ts'
import { systemClock } from './base/system-clock.ts'
import { systemIds } from './base/system-ids.ts'
import { systemLog } from './base/system-log.ts'
import { systemOutbound } from './base/system-outbound.ts'
import { watchVitals } from './base/system-vitals.ts'
import { ok, type Result } from './base/result.ts'
import type { CallProviders } from './call/call-options.ts'
import { callSettings } from './call/settings.ts'
import { Switchboard, type ProviderRefusal } from './call/switchboard.ts'
import { readConfig, type Config } from './config/config.ts'
import type { CallSpec } from './ports/calls.ts'
import {
  ALIVE_EVERY_MS,
  VITALS_EVERY,
  type FromWorker,
  type ToWorker,
} from './ports/worker-protocol.ts'
import { createProviders, type Providers } from './providers/registry.ts'
import { httpTools } from './providers/http-tools/http-tools.ts'
import { createSounds } from './providers/sounds/sounds.ts'
import { startSoundThread } from './providers/sounds/sound-thread.ts'
import { adoptSocket } from './rtc/socket-channel.ts'
import { createWebRtcTransport, type WebRtcTransport } from './rtc/webrtc-transport.ts'
import { makeChannelToken } from './schema/channel-token.ts'
import { parseProviders } from './schema/providers.ts'
import { openAmbientFolder } from './store/ambient-folder.ts'
import { openRecordingFolder } from './store/recording-folder.ts'

type SampleRateHz = 16_000 | 24_000 | 48_000

const setup = JSON.parse(process.argv[2] ?? '{}') as { readonly index: number }
const config = readConfig(process.env, { cores: availableParallelism() })
const clock = systemClock

// The control process decides when a worker ends; a worker without one has no purpose.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
process.on('disconnect', () => process.exit(0))
if (!process.connected) process.exit(0)

const send = (message: FromWorker): void => {
  // That the control process has died is told by 'disconnect'.
  if (process.connected) process.send?.(message, undefined, {}, () => {})
}

if (config.ok) await run(config.value)
else send({ type: 'failed', message: config.error })

async function run(settings: Config): Promise<void> {
  const log = systemLog({ level: settings.logLevel, content: settings.logContent }).with({
    worker: setup.index,
  })
  const { udpPort, publicIp } = settings
  const transport = await createWebRtcTransport({
    udpPort: udpPort === 0 ? 0 : udpPort + setup.index,
    publicIp,
    clock,
    log,
  })
  if (!transport.ok) {
    const message = `ANTIPHON_UDP_PORT must leave each worker a free port: ${transport.error}.`
    send({ type: 'failed', message })
    return
  }
  const vitals = watchVitals()
  const showLife = (count: number): void => {
    send({ type: 'alive', ...(count % VITALS_EVERY === 0 && { vitals: vitals() }) })
    clock.after(ALIVE_EVERY_MS, () => showLife(count + 1))
  }
  showLife(0)
  const providers = createProviders({
    clock,
    ids: systemIds,
    log,
    cacheFolder: settings.dataFolder,
    modelsFolder: settings.modelsFolder,
    ...(settings.espeak !== undefined && { espeak: settings.espeak }),
    openAi: settings.openAi,
    environment: (name) => process.env[name],
  })
  const outbound = systemOutbound(settings.outbound)
  const sounds = createSounds({
    outbound,
    thread: startSoundThread(log),
    store: openAmbientFolder(join(settings.dataFolder, 'ambient')),
  })
  const switchboard = new Switchboard({
    clock,
    ids: systemIds,
    log,
    sounds,
    tools: httpTools({ outbound, environment: (name) => process.env[name] }),
    recordings: openRecordingFolder(join(settings.dataFolder, 'recordings')),
    providersFor: (spec) => providersFor(providers, spec),
    send,
    makeToken: (spec, userId) => makeToken(settings, spec, userId),
  })
  process.on('message', (message: ToWorker, handle) => {
    receive(message, {
      switchboard,
      transport: transport.value,
      log,
      socket: handle as Socket | undefined,
    })
  })
  send({ type: 'listening' })
  const loaded = await providers.load()
  if (!loaded.ok) {
    send({ type: 'failed', message: loaded.error })
    return
  }
  send({ type: 'ready' })
  // A worker ends without notice, which is when the cache would be written.
  flushCompileCache()
}

/** The control process hands the application's key down in the environment. */
function makeToken(settings: Config, spec: CallSpec, userId: string): string {
  const { rtcApp } = settings
  if (rtcApp === undefined) return ''
  const expiresS = Math.floor(clock.wallMs() / 1000) + spec.tokenLifeS
  return makeChannelToken({ ...rtcApp, channelId: spec.channelId, userId, expiresS })
}

/** Each of a call's four providers, or which setting stands in the way. */
function providersFor(
  providers: Providers,
  spec: CallSpec,
): Result<CallProviders, ProviderRefusal> {
  const parsed = parseProviders(spec.providers)
  const choice = parsed.ok ? parsed.value : {}
  const { languageId } = callSettings(spec.agentConfig)
  const asr = providers.asr(choice.asr, languageId)
  if (!asr.ok) {
    const isLanguage = asr.error.startsWith('AsrConfig.')
    return refused(isLanguage ? 'AsrConfig.AsrLanguageId' : 'Providers.asr', asr.error)
  }
  const llm = providers.llm(choice.llm)
  if (!llm.ok) return refused('Providers.llm', llm.error)
  const tts = providers.tts(choice.tts, languageId)
  if (!tts.ok) return refused('Providers.tts', tts.error)
  const vad = providers.vad(choice.vad)
  if (!vad.ok) return refused('Providers.vad', vad.error)
  const asrIn = (language: string) => providers.asr(choice.asr, language)
  return ok({ asr: asr.value, asrIn, llm: llm.value, tts: tts.value, vad: vad.value })
}

const refused = (parameter: string, message: string): Result<never, ProviderRefusal> => ({
  ok: false,
  error: { parameter, message },
})

interface Parts {
  readonly switchboard: Switchboard
  readonly transport: WebRtcTransport
  readonly socket: Socket | undefined
  readonly log: Log
}

function receive(message: ToWorker, parts: Parts): void {
  const { switchboard } = parts
  switch (message.type) {
    case 'call-start':
      return switchboard.start(message)
    case 'call-update':
      return switchboard.change(message)
    case 'call-command':
      return switchboard.command(message)
    case 'call-sound':
      void switchboard.play(message)
      return
    case 'call-stop':
      return switchboard.stop(message)
    case 'stored':
      return switchboard.stored(message)
    case 'watch':
      return switchboard.watch(message.isOn)
    case 'hang-up':
      return switchboard.hangUp(message.leaving)
    case 'offer':
      void answerOffer(message, parts)
      return
    case 'socket':
      return joinBySocket(message, parts)
  }
}

async function answerOffer(
  message: Extract<ToWorker, { readonly type: 'offer' }>,
  { switchboard, transport }: Parts,
): Promise<void> {
  const { requestId, joining, connectionId, sdp } = message
  const joined = switchboard.join(joining.channelId, joining.userId)
  if (!joined.ok) {
    send({ type: 'refusal', requestId, code: 'no-such-channel', message: joined.error })
    return
  }
  const { events, opened } = joined.value
  const answer = await transport.answer({
    offerSdp: sdp,
    connectionId,
    userId: joining.userId,
    events,
  })
  if (!answer.ok) {
    send({ type: 'refusal', requestId, code: 'bad-offer', message: answer.error })
    return
  }
  opened(answer.value.channel)
  send({ type: 'reply', requestId, sdp: answer.value.sdp })
}

function joinBySocket(
  message: Extract<ToWorker, { readonly type: 'socket' }>,
  { switchboard, socket, log }: Parts,
): void {
  const { requestId, joining, connectionId, head, key, sampleRateHz } = message
  send({ type: 'reply', requestId })
  if (socket === undefined) return
  const joined = switchboard.join(joining.channelId, joining.userId)
  if (!joined.ok) {
    socket.destroy()
    return
  }
  const { events, opened } = joined.value
  const channel = adoptSocket({
    socket,
    head,
    key,
    sampleRateHz: sampleRateHz as SampleRateHz,
    connectionId,
    userId: joining.userId,
    clock,
    log,
    events,
  })
  opened(channel)
}
