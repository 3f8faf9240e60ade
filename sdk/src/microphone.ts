import { CallError, microphoneError } from './call-error.ts'
import { openLevelMeter, type LevelMeter } from './level-meter.ts'

/** An open microphone. Whoever opened it closes it, unless it was handed to a call. */
export interface Microphone {
  readonly stream: MediaStream
  readonly meter: LevelMeter
  /** As the browser names it to this page; `''` when it does not tell. */
  readonly deviceId: string
  /** For people. */
  readonly label: string
  /** May be called twice. */
  close(): void
}

export interface MicrophoneDevice {
  readonly deviceId: string
  /** For people; empty before the user has allowed a microphone for this page. */
  readonly label: string
}

export interface MicrophoneChoice {
  /** One of `listMicrophones`; the browser's default when it is not there, or none is named. */
  readonly deviceId?: string
}

/** Asks for the microphone; the browser may ask its user. Throws CallError. */
export async function openMicrophone({
  deviceId = '',
}: MicrophoneChoice = {}): Promise<Microphone> {
  const stream = await streamOf(deviceId)
    .catch((error: unknown) => {
      // It is not there any more. A mere wish for it would not do: browsers then take the default all the same.
      if (deviceId !== '' && isName(error, 'OverconstrainedError')) return streamOf('')
      throw error
    })
    .catch((error: unknown) => {
      throw error instanceof CallError ? error : microphoneError(error)
    })
  const meter = openLevelMeter(stream)
  const [track] = stream.getAudioTracks()
  return {
    stream,
    meter,
    deviceId: track?.getSettings().deviceId ?? '',
    label: track?.label ?? '',
    close: () => {
      meter.close()
      for (const open of stream.getTracks()) open.stop()
    },
  }
}

/** The microphones of this machine; their names are empty until one has been allowed. Throws CallError. */
export async function listMicrophones(): Promise<readonly MicrophoneDevice[]> {
  const devices = await mediaDevices().enumerateDevices()
  return devices
    .filter(({ kind }) => kind === 'audioinput')
    .map(({ deviceId, label }) => ({ deviceId, label }))
}

/** Calls `listener` when a device was plugged in or out, until the function returned is called. */
export function onDevicesChange(listener: () => void): () => void {
  const devices = navigator.mediaDevices as MediaDevices | undefined
  devices?.addEventListener('devicechange', listener)
  return () => devices?.removeEventListener('devicechange', listener)
}

/** From that device alone, or from the browser's default. */
async function streamOf(deviceId: string): Promise<MediaStream> {
  return mediaDevices().getUserMedia({
    // The browser removes echo and noise before the sound leaves; the server adds nothing to that.
    audio: {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      ...(deviceId !== '' && { deviceId: { exact: deviceId } }),
    },
  })
}

const isName = (error: unknown, name: string): boolean =>
  (error as { readonly name?: string }).name === name

function mediaDevices(): MediaDevices {
  // Absent in a page that is not secure, whatever its type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (!isSecureContext || devices === undefined) throw new CallError('insecure-context')
  return devices
}
