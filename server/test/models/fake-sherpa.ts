/**
 * Stands in for the native library in the tests of model folders: it checks that the configuration names files
 * that exist, "recognises" loud sound as words of a fixed sentence, and speaks a tone.
 */
import { existsSync } from 'node:fs'
import type { Sherpa, SherpaOnlineStream, SherpaStream } from '../../src/providers/sherpa.ts'

const WORDS = ['turn', 'on', 'the', 'lights']
const SAMPLES_PER_WORD = 3200
const LOUD = 0.01
const RATE_HZ = 22_050
const SECONDS_PER_CHAR = 0.06

/** Every member of a configuration that looks like a file must be one. */
function checkFiles(config: object): void {
  for (const value of Object.values(config)) {
    if (typeof value === 'object' && value !== null) checkFiles(value as object)
    if (typeof value !== 'string' || !value.startsWith('/')) continue
    for (const file of value.split(',')) if (!existsSync(file)) throw new Error(`no file ${file}`)
  }
}

interface Heard extends SherpaOnlineStream {
  loud: number
  isFinished: boolean
}

function stream(): Heard {
  return {
    loud: 0,
    isFinished: false,
    acceptWaveform({ samples }) {
      for (const sample of samples) if (Math.abs(sample) > LOUD) this.loud += 1
    },
    inputFinished() {
      this.isFinished = true
    },
  }
}

const heard = (given: SherpaStream): Heard => given as Heard

class FakeOffline {
  constructor(config: object) {
    checkFiles(config)
  }
  createStream = stream
  decode(): void {}
  getResult(given: SherpaStream): { readonly text: string } {
    return { text: heard(given).loud > 0 ? WORDS.join(' ') : '' }
  }
}

class FakeOnline {
  constructor(config: object) {
    checkFiles(config)
  }
  createStream = stream
  isReady(): boolean {
    return false
  }
  decode(): void {}
  getResult(given: SherpaOnlineStream): { readonly text: string } {
    const { loud, isFinished } = heard(given)
    if (loud === 0) return { text: '' }
    const count = isFinished ? WORDS.length : Math.floor(loud / SAMPLES_PER_WORD)
    return { text: WORDS.slice(0, count).join(' ') }
  }
}

class FakeTts {
  readonly numSpeakers = 3
  constructor(config: object) {
    checkFiles(config)
  }
  generate(request: { readonly text: string; readonly sid: number; readonly speed: number }) {
    if (request.text.includes('break the model')) throw new Error('broken')
    const length = Math.round((request.text.length * SECONDS_PER_CHAR * RATE_HZ) / request.speed)
    const radians = (request.sid + 1) / 10
    const samples = Float32Array.from({ length }, (_, at) => Math.sin(at * radians) / 4)
    return { samples, sampleRate: RATE_HZ }
  }
}

export const loadSherpa = (): Sherpa =>
  ({
    OfflineRecognizer: FakeOffline,
    OnlineRecognizer: FakeOnline,
    OfflineTts: FakeTts,
  }) as unknown as Sherpa
