import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startAntiphon, temporaryFolder, type Antiphon } from './antiphon-process.ts'
import { OWN_VERSION, vendorClients, type VendorError } from './vendor-client.ts'

const started: Antiphon[] = []
const start = async (folder: string): Promise<Antiphon> => {
  const server = await startAntiphon({ folder })
  started.push(server)
  return server
}
after(async () => {
  for (const server of started) await server.end('SIGKILL')
})

test('users, keys and rights outlive the server, and no secret lies open on the disk', async () => {
  const folder = temporaryFolder()
  const first = await start(folder)
  const account = vendorClients(first)
  const own = (action: string, parameters: Record<string, unknown>) =>
    account.call(action, parameters, OWN_VERSION)
  await own('CreateUser', { UserName: 'ann' })
  await own('AttachPolicy', { UserName: 'ann', PolicyName: 'AliyunICEReadOnlyAccess' })
  const { AccessKey: made } = await own('CreateAccessKey', { UserName: 'ann' })
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = made as {
    AccessKeyId: string
    AccessKeySecret: string
  }
  const { Agents: agents } = await own('ListAIAgents', {})
  const [{ AIAgentId }] = agents as [{ AIAgentId: string }]

  async function checkAnn(server: Antiphon): Promise<void> {
    const ann = vendorClients({ ...server, accessKeyId, accessKeySecret })
    for (const call of [ann.call, ann.callOld]) {
      const { Instances: instances } = await call('ListAIAgentInstance', { AIAgentId })
      assert.deepEqual(instances, [])
    }
    await assert.rejects(ann.call('GenerateAIAgentCall', { AIAgentId }), (error: VendorError) => {
      assert.equal(error.code, 'NoPermission')
      const detail = error.data?.['AccessDeniedDetail'] as Record<string, string>
      assert.equal(detail['AuthAction'], 'ice:GenerateAIAgentCall')
      return true
    })
  }

  await checkAnn(first)
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  assert.ok(files.some(({ name }) => name === 'antiphon.db-wal'))
  for (const { name } of files) {
    assert.ok(!readFileSync(join(folder, name), 'latin1').includes(accessKeySecret), name)
  }
  // Nothing acknowledged may be lost, however the server ends.
  await first.end('SIGKILL')
  await checkAnn(await start(folder))
})
