import { randomBytes, randomUUID } from 'node:crypto'
import { composeInstanceId, type Ids } from './ids.ts'

/** Ids from the machine's random source. */
export const systemIds: Ids = {
  instanceId: (wallMs) => composeInstanceId(wallMs, randomBytes(10).toString('hex')),
  hex32: () => randomBytes(16).toString('hex'),
  requestId: () => randomUUID().toUpperCase(),
  chance: () => Math.random(),
}
