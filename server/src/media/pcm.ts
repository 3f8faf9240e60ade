/** Sound inside the server is signed 16-bit mono PCM in frames of 20 ms. */
export const FRAME_MS = 20

/** What the user says, on its way to VAD and ASR. */
export const INPUT_RATE_HZ = 16_000
export const INPUT_FRAME_SAMPLES = (INPUT_RATE_HZ * FRAME_MS) / 1000

/** What the agent says, on its way to the channel. */
export const OUTPUT_RATE_HZ = 24_000
export const OUTPUT_FRAME_SAMPLES = (OUTPUT_RATE_HZ * FRAME_MS) / 1000
