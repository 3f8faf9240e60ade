import { CallError, microphoneError } from './call-error.ts'
import { openLevelMeter, type LevelMeter } from './level-meter.ts'

/** An open microphone. Whoever opened it closes it, unless it was handed to a call. */
export interface Microphone {
  readonly stream: MediaStream
  readonly meter: LevelMeter
  /** May be called twice. */
  close(): void
}

/** The browser removes echo and noise before the sound leaves; the server adds nothing to that. */
const CONSTRAINTS: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
}

/** Asks for the microphone; the browser may ask its user. Throws CallError. */
export async function openMicrophone(): Promise<Microphone> {
  // Absent in a page that is not secure, whatever its type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (!isSecureContext || devices === undefined) throw new CallError('insecure-context')
  const stream = await devices.getUserMedia(CONSTRAINTS).catch((error: unknown) => {
    throw microphoneError(error)
  })
  const meter = openLevelMeter(stream)
  return {
    stream,
    meter,
    close: () => {
      meter.close()
      for (const track of stream.getTracks()) track.stop()
    },
  }
}
