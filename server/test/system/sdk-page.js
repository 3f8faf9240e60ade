/*
 * Runs in a page before its own scripts: keeps the page's connections and microphones where a test can reach them,
 * and sends media to `window.relayPort`, if there is one, instead of to the server's port.
 */
{
  window.peers = []
  window.tracks = []
  window.told = []
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration) {
      super(configuration)
      window.peers.push(this)
    }

    setRemoteDescription({ type, sdp }) {
      const candidate = /^(a=candidate:\S+ \d+ udp \d+ \S+) \d+ /gim
      const port = window.relayPort
      const relayed = port === undefined ? sdp : sdp.replace(candidate, `$1 ${port} `)
      return super.setRemoteDescription({ type, sdp: relayed })
    }
  }
  const devices = navigator.mediaDevices
  const getUserMedia = devices?.getUserMedia.bind(devices)
  if (devices !== undefined)
    devices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints)
      window.tracks.push(...stream.getAudioTracks())
      return stream
    }

  const EVENTS = [
    'connectionStatusChange',
    'callEnd',
    'agentSubtitleNotify',
    'newRTCToken',
    'authInfoWillExpire',
    'microphoneChanged',
    'latencyStats',
    'errorOccurred',
  ]

  /** Joins a call with the library as the server hands it out; the code of the error if it fails. */
  window.joinCall = async (baseUrl, ticket) => {
    const client = await import(`${baseUrl}/assets/antiphon-client.js`)
    const call = new client.AntiphonCall()
    Object.assign(window, { call, client })
    for (const name of EVENTS)
      call.on(name, (event) => {
        window.told.push({ name, ...event, ...(event.error && { error: event.error.code }) })
      })
    return call.join({ baseUrl, ...ticket }).then(
      () => 'joined',
      (error) => error.code,
    )
  }
}
