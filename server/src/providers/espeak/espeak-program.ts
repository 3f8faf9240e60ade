import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { fail, ok, type Result } from '../../base/result.ts'

/** eSpeak NG as it is installed: a program of its own, which is under the GPL and no part of this server. */
export interface EspeakProgram {
  readonly command: string
  /** All of the server's environment that it gets: keys are in the rest. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Codes of all voices, as `--voices` lists them. */
  readonly voices: readonly string[]
  /** The best voice for each language code. */
  readonly byLanguage: ReadonlyMap<string, string>
}

/** What a program needs to be found and to find its own files. */
const PASSED_ON = ['PATH', 'HOME', 'SystemRoot', 'ESPEAK_DATA_PATH', 'LD_LIBRARY_PATH']
const NAMES = ['espeak-ng', 'espeak']
const START_MS = 3000
const LIST_LIMIT_BYTES = 1024 * 1024

const INSTALL =
  'Install it (Debian, Ubuntu: apt install espeak-ng; macOS: brew install espeak-ng; Windows: its installer) ' +
  'or set ANTIPHON_ESPEAK to the program.'

/** Looks for the program and asks it for its voices, which takes some milliseconds: once is enough. */
export function findEspeak(
  setting: string | undefined,
  read: (name: string) => string | undefined,
): Result<EspeakProgram, string> {
  const environment = Object.fromEntries(PASSED_ON.map((name) => [name, read(name)]))
  for (const command of setting === undefined ? NAMES : [setting]) {
    const listed = listVoices(command, environment)
    if (listed === undefined) continue
    const { voices, byLanguage } = readVoices(listed)
    if (voices.length > 0) return ok({ command, environment, voices, byLanguage })
  }
  const where = setting === undefined ? 'on the PATH' : `where ANTIPHON_ESPEAK says (${setting})`
  return fail(`eSpeak NG is not installed ${where}. ${INSTALL}`)
}

function listVoices(
  command: string,
  environment: EspeakProgram['environment'],
): string | undefined {
  try {
    return execFileSync(command, ['--voices'], {
      encoding: 'utf8',
      env: environment,
      timeout: START_MS,
      maxBuffer: LIST_LIMIT_BYTES,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return undefined
  }
}

/**
 * Reads what `--voices` prints: `Pty Language Age/Gender VoiceName File Other Languages`, the last as
 * `(zh-cmn 5)(zh 5)`. A smaller number is a better voice for that language.
 */
export function readVoices(printed: string): Pick<EspeakProgram, 'voices' | 'byLanguage'> {
  const voices = new Set<string>()
  const best = new Map<string, { readonly voice: string; readonly priority: number }>()
  const offer = (language: string, voice: string, priority: number): void => {
    if (priority < (best.get(language)?.priority ?? Infinity))
      best.set(language, { voice, priority })
  }
  for (const line of printed.split('\n')) {
    const [, priority, voice = '', others = ''] =
      /^\s*(\d+)\s+([A-Za-z][\w-]*)\s+\S+\s+\S+\s+\S+(.*)$/.exec(line) ?? []
    if (priority === undefined || voices.has(voice)) continue
    voices.add(voice)
    // Its own language comes before what it is listed for besides.
    offer(voice, voice, 0)
    for (const [, language = '', rank] of others.matchAll(/\(([\w-]+) (\d+)\)/g)) {
      offer(language, voice, Number(rank))
    }
    const [base = ''] = voice.split('-')
    offer(base, voice, 100 + Number(priority))
  }
  const byLanguage = new Map([...best].map(([language, { voice }]) => [language, voice]))
  return { voices: [...voices], byLanguage }
}

/** Starts the program: the text goes in as it is, never as an argument; a WAV file comes out as it is made. */
export function startEspeak(
  program: Pick<EspeakProgram, 'command' | 'environment'>,
  speech: { readonly voice: string; readonly wordsPerMinute: number },
): ChildProcessWithoutNullStreams {
  const speed = String(Math.round(speech.wordsPerMinute))
  const options = ['-v', speech.voice, '-s', speed, '-b', '1', '--stdin', '--stdout']
  return spawn(program.command, options, { env: program.environment })
}
