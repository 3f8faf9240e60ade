/**
 * The code that the explorer shows, run as it is shown: what needs more than Node and a shell is left to
 * `npm run languages`.
 */
import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { CODE } from '../../../console/src/pages/explorer/code.ts'
import { answerOf, runShown } from '../languages/shown-code.ts'
import { startAntiphon, temporaryFolder, type Antiphon } from './antiphon-process.ts'
import { vendorClients } from './vendor-client.ts'

const repository = join(dirname(fileURLToPath(import.meta.url)), '../../..')
/** A folder that has the vendor's packages installed. */
const folder = join(temporaryFolder(), 'calls')
mkdirSync(folder)
symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
const GREETING = `Say "it's" 50 % 你好 & more`

let server: Antiphon
before(async () => {
  server = await startAntiphon()
})
after(() => server.end('SIGKILL'))

for (const language of CODE.filter(({ id }) => id === 'typescript' || id === 'curl')) {
  test(`${language.id}: a call is started and listed`, async () => {
    const { AIAgentId } = await vendorClients(server).call(
      'CreateAIAgent',
      { Name: language.id },
      '2026-11-01',
    )
    const started = await runShown(language, folder, server, {
      action: 'GenerateAIAgentCall',
      parameters: { AIAgentId, AgentConfig: { Greeting: GREETING }, UserData: GREETING },
    })
    assert.match(String(answerOf(started)['InstanceId']), /^[0-9a-f]{32}$/)
    const listed = await runShown(language, folder, server, {
      action: 'ListAIAgentInstance',
      parameters: { AIAgentId, PageSize: 5 },
    })
    const [instance] = answerOf(listed)['Instances'] as {
      readonly AgentConfig: { readonly Greeting?: string }
      readonly UserData: string
    }[]
    assert.deepEqual([instance?.UserData, instance?.AgentConfig.Greeting], [GREETING, GREETING])
  })
}
