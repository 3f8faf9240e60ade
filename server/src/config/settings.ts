import type { Environment } from './readers.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export const MOST_WORKERS = 256

interface Setting {
  readonly name: string
  /** As the help shows it. */
  readonly byDefault: string
  readonly meaning: string
}

const SETTINGS: readonly Setting[] = [
  { name: 'ANTIPHON_HOST', byDefault: '127.0.0.1', meaning: 'address or host name to listen on' },
  {
    name: 'ANTIPHON_PORT',
    byDefault: '8090',
    meaning: 'TCP port of API and pages; 0: any free one',
  },
  {
    name: 'ANTIPHON_DATA',
    byDefault: './data',
    meaning: 'folder for the database and the keys; made when missing',
  },
  {
    name: 'ANTIPHON_MODELS',
    byDefault: '(data folder)/models',
    meaning: 'folder of speech models, see docs/providers.md',
  },
  {
    name: 'ANTIPHON_ESPEAK',
    byDefault: 'espeak-ng',
    meaning: 'the program eSpeak NG, if it is not on the PATH',
  },
  {
    name: 'DASHSCOPE_API_KEY',
    byDefault: '(none)',
    meaning: "key for DashScope's recogniser and voices",
  },
  {
    name: 'ANTIPHON_PUBLIC_URL',
    byDefault: '(none)',
    meaning: 'how clients reach this server, as https://calls.example.org',
  },
  {
    name: 'ANTIPHON_UDP_PORT',
    byDefault: '8091',
    meaning: 'UDP port of WebRTC; worker i uses this + i; 0: any free ones',
  },
  {
    name: 'ANTIPHON_PUBLIC_IP',
    byDefault: '(none)',
    meaning: 'address to tell WebRTC clients, for a server behind NAT or in a container',
  },
  {
    name: 'ANTIPHON_TLS_CERT',
    byDefault: '(none)',
    meaning: 'PEM file of the certificate; with ANTIPHON_TLS_KEY the server speaks https',
  },
  { name: 'ANTIPHON_TLS_KEY', byDefault: '(none)', meaning: 'PEM file of its private key' },
  {
    name: 'ANTIPHON_WORKERS',
    byDefault: '(cores)',
    meaning: `media worker processes, 1 to ${MOST_WORKERS}`,
  },
  {
    name: 'ANTIPHON_ACCESS_KEY_ID',
    byDefault: '(kept in the data folder)',
    meaning: 'access key of the API; needs ANTIPHON_ACCESS_KEY_SECRET',
  },
  {
    name: 'ANTIPHON_ACCESS_KEY_SECRET',
    byDefault: '(kept in the data folder)',
    meaning: 'its secret',
  },
  {
    name: 'ANTIPHON_RTC_APP_ID',
    byDefault: '(kept in the data folder)',
    meaning: 'application id in channel tokens; needs ANTIPHON_RTC_APP_KEY',
  },
  {
    name: 'ANTIPHON_RTC_APP_KEY',
    byDefault: '(kept in the data folder)',
    meaning: 'key that signs channel tokens',
  },
  {
    name: 'OPENAI_BASE_URL',
    byDefault: 'https://api.openai.com/v1',
    meaning: 'OpenAI-compatible endpoint; this or OPENAI_API_KEY plugs a language model in',
  },
  { name: 'OPENAI_API_KEY', byDefault: '(none)', meaning: 'key for that endpoint' },
  { name: 'OPENAI_MODEL', byDefault: 'gpt-4o-mini', meaning: 'model to ask there' },
  {
    name: 'ANTIPHON_OUTBOUND_PRIVATE',
    byDefault: 'off',
    meaning: 'private addresses that callbacks, tools and sounds may lie at: off, on, or a list',
  },
  {
    name: 'ANTIPHON_ACCOUNT_ID',
    byDefault: 'local',
    meaning: 'id of the account, in ARNs and answers',
  },
  {
    name: 'ANTIPHON_RATE_LIMIT',
    byDefault: '200',
    meaning:
      'requests a second of one key for one operation, or off; as 200, StartAIAgentInstance=5',
  },
  {
    name: 'ANTIPHON_START_BY_TOKEN',
    byDefault: 'off',
    meaning: 'agents that clients may start with a channel token: off, on, or a list of ids',
  },
  {
    name: 'ANTIPHON_TRUSTED_PROXIES',
    byDefault: '(none)',
    meaning: 'proxies whose X-Forwarded-For and -Proto are believed, as 10.0.0.0/8',
  },
  {
    name: 'ANTIPHON_KEEP_CALLS_DAYS',
    byDefault: '(forever)',
    meaning: 'days after its end until all about a call is deleted',
  },
  {
    name: 'ANTIPHON_KEEP_LOGS_DAYS',
    byDefault: '(forever)',
    meaning: 'days after its end until what was said in a call is deleted',
  },
  {
    name: 'ANTIPHON_KEEP_RECORDINGS_DAYS',
    byDefault: '(as what was said)',
    meaning: 'days until the recordings of a call are deleted',
  },
  {
    name: 'ANTIPHON_METRICS',
    byDefault: 'local',
    meaning: 'who may read /metrics: local (this machine), off, all, or a list as 10.0.0.0/8',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    byDefault: '(none)',
    meaning: 'collector for traces of calls (OTLP over HTTP); see docs/metrics.md',
  },
  { name: 'ANTIPHON_LOG_LEVEL', byDefault: 'info', meaning: LOG_LEVELS.join(', ') },
  {
    name: 'ANTIPHON_LOG_CONTENT',
    byDefault: 'off',
    meaning: 'on: logs may hold what people said; off',
  },
]

/** What `npm start -- --help` prints. */
export function helpText(): string {
  const nameWidth = Math.max(...SETTINGS.map(({ name }) => name.length)) + 2
  const defaultWidth = Math.max(...SETTINGS.map(({ byDefault }) => byDefault.length)) + 2
  const lines = SETTINGS.map(
    ({ name, byDefault, meaning }) =>
      `  ${name.padEnd(nameWidth)}${byDefault.padEnd(defaultWidth)}${meaning}`,
  )
  return [
    'npm start: runs antiphon, a server for real-time conversations with AI agents.',
    '',
    'Nothing has to be configured. Settings are environment variables (name, default, meaning):',
    '',
    ...lines,
    '',
    'Ctrl-C ends calls politely and stops the server; a second Ctrl-C stops it at once.',
    '',
  ].join('\n')
}

/** Read by the command line and by examples/, which may run in the same environment. */
const OF_CLIENTS = ['ANTIPHON_URL', 'ANTIPHON_ENDPOINT']

/** Variables that look like settings of this server and are none: most likely misspelt. */
export function unknownSettings(environment: Environment): readonly string[] {
  const known = new Set([...SETTINGS.map(({ name }) => name), ...OF_CLIENTS])
  return Object.keys(environment).filter((name) => name.startsWith('ANTIPHON_') && !known.has(name))
}
