import { randomFillSync, randomUUID } from 'node:crypto'
import { composeInstanceId, type Ids } from './ids.ts'

/** Random bytes are asked for many at a time: each time costs the same. */
const pool = Buffer.alloc(4096)
let poolUsed = pool.length

function randomHex(bytes: number): string {
  if (poolUsed + bytes > pool.length) {
    randomFillSync(pool)
    poolUsed = 0
  }
  poolUsed += bytes
  return pool.toString('hex', poolUsed - bytes, poolUsed)
}

/** Ids from the machine's random source. */
export const systemIds: Ids = {
  instanceId: (wallMs) => composeInstanceId(wallMs, randomHex(10)),
  hex32: () => randomHex(16),
  requestId: () => randomUUID().toUpperCase(),
  chance: () => Math.random(),
}
