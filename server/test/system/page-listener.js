/*
 * Runs in a page before its own scripts: listens to the microphone as the page was given it (left) and to
 * what the page receives (right), both on the one timeline of an AudioContext. An audio worklet would be a
 * script that the page's policy forbids.
 */
{
  const RATE_HZ = 16_000
  const PIECE_SAMPLES = 4096
  const pieces = []
  let merger
  let openedAtMs

  const open = () => {
    const context = new AudioContext({ sampleRate: RATE_HZ })
    const recorder = context.createScriptProcessor(PIECE_SAMPLES, 2, 1)
    recorder.addEventListener('audioprocess', ({ inputBuffer, playbackTime }) => {
      const samples = new Int16Array(inputBuffer.length * 2)
      for (const channel of [0, 1])
        for (const [index, value] of inputBuffer.getChannelData(channel).entries())
          samples[index * 2 + channel] = Math.max(-1, Math.min(1, value)) * 32_767
      pieces.push({ atSample: Math.round(playbackTime * RATE_HZ), samples })
    })
    recorder.connect(context.destination)
    merger = context.createChannelMerger(2)
    merger.connect(recorder)
    // Whom nobody holds falls silent.
    window.pageListener = recorder
  }

  const tap = (stream, side) => {
    if (merger === undefined) open()
    merger.context.createMediaStreamSource(stream).connect(merger, 0, side)
  }

  const devices = navigator.mediaDevices
  const getUserMedia = devices?.getUserMedia.bind(devices)
  if (devices !== undefined)
    devices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints)
      openedAtMs = performance.now()
      tap(stream, 0)
      return stream
    }

  /** Comes back when the microphone has been open for so long. */
  window.untilMicrophoneAt = (ms) =>
    new Promise((resolve) => setTimeout(resolve, openedAtMs + ms - performance.now()))

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration) {
      super(configuration)
      this.addEventListener('track', ({ streams: [stream] }) => tap(stream, 1))
    }
  }

  /** The pieces since the last time, left and right by turns, each with the place of its first sample. */
  window.takeRecording = () =>
    pieces.splice(0).map(({ atSample, samples }) => {
      const bytes = new Uint8Array(samples.buffer)
      return { atSample, base64: btoa(String.fromCharCode(...bytes)) }
    })
}
