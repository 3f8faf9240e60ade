/**
 * What was said in a call that is over, and how long each answer took: `06-read-a-call-log.ts InstanceId`
 */
import { call } from './client.ts'

interface CallLog {
  dialog: { begin: number; role: string; text: string }[]
  antiphon: { turns: { turnId: number; speechEndMs?: number; firstAudioMs?: number }[] }
}

const [InstanceId] = process.argv.slice(2)
if (InstanceId === undefined) throw new Error('Of which call? 06-read-a-call-log.ts InstanceId')
const { Instance } = await call('DescribeAIAgentInstance', { InstanceId })
const { dialog, antiphon } = (await (await fetch(Instance.CallLogUrl)).json()) as CallLog
for (const { begin, role, text } of dialog) console.log(`${begin.toFixed(1)} s ${role}: ${text}`)
for (const { turnId, speechEndMs, firstAudioMs } of antiphon.turns)
  if (speechEndMs !== undefined && firstAudioMs !== undefined)
    console.log(`turn ${turnId}: ${firstAudioMs - speechEndMs} ms from silence to sound`)
