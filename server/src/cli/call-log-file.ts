import { readFileSync } from 'node:fs'
import { readRecording, type Recording } from '../replay/recording.ts'
import { UsageError } from './command.ts'

/** A call log from a file, or from the address that `CallLogUrl` gives. */
export async function readCallLog(place: string): Promise<Recording> {
  const text = /^https?:\/\//.test(place) ? await fetched(place) : fromFile(place)
  let log: unknown
  try {
    log = JSON.parse(text)
  } catch {
    throw new UsageError(`${place} is no JSON.`)
  }
  const recording = readRecording(log)
  if (!recording.ok) throw new UsageError(`${place}: ${recording.error}`)
  return recording.value
}

function fromFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${reasonOf(error)}.`)
  }
}

async function fetched(url: string): Promise<string> {
  try {
    const answer = await fetch(url)
    if (answer.ok) return await answer.text()
    const { Message } = (await answer.json().catch(() => ({}))) as { readonly Message?: string }
    throw new UsageError(`The server answered ${answer.status}: ${Message ?? answer.statusText}`)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`The address cannot be reached: ${reasonOf(error)}.`)
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
