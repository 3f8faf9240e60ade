/** The code that the explorer shows, run as it is shown: what needs more than Node and a shell is left out. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CODE, wireParameters } from '../../../console/src/pages/explorer/code.ts'
import { startAntiphon, temporaryFolder, type Antiphon } from './antiphon-process.ts'
import { vendorClients } from './vendor-client.ts'

const run = promisify(execFile)
const repository = join(dirname(fileURLToPath(import.meta.url)), '../../..')
/** A project that has the vendor's packages installed. */
const folder = temporaryFolder()
symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
const GREETING = `Say "it's" 50 % 你好 & more`

let server: Antiphon
before(async () => {
  server = await startAntiphon()
})
after(() => server.end('SIGKILL'))

const COMMANDS: Readonly<Record<string, readonly [command: string, file: string]>> = {
  typescript: [process.execPath, 'call.ts'],
  curl: ['bash', 'call.sh'],
}

/** Writes the code of one language to a file, runs it, and reads what it prints. */
async function runCode(
  language: string,
  action: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const [command, name] = COMMANDS[language] ?? ['', '']
  const file = join(folder, name)
  const code = CODE.find(({ id }) => id === language)?.write({
    action,
    version: '2020-11-09',
    endpoint: server.host,
    isSecure: false,
    parameters: wireParameters(parameters),
  })
  writeFileSync(file, code ?? '')
  const { stdout } = await run(command, [file], {
    env: {
      ...process.env,
      ALIBABA_CLOUD_ACCESS_KEY_ID: server.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: server.accessKeySecret,
    },
  })
  return JSON.parse(stdout) as Record<string, unknown>
}

for (const language of Object.keys(COMMANDS)) {
  test(`${language}: a call is started and listed`, async () => {
    const { AIAgentId } = await vendorClients(server).call(
      'CreateAIAgent',
      { Name: language },
      '2026-11-01',
    )
    const started = await runCode(language, 'GenerateAIAgentCall', {
      AIAgentId,
      AgentConfig: { Greeting: GREETING },
      UserData: GREETING,
    })
    assert.match(String(started['InstanceId']), /^[0-9a-f]{32}$/)
    const listed = await runCode(language, 'ListAIAgentInstance', { AIAgentId, PageSize: 5 })
    const [instance] = listed['Instances'] as {
      readonly AgentConfig: { readonly Greeting?: string }
      readonly UserData: string
    }[]
    assert.deepEqual([instance?.UserData, instance?.AgentConfig.Greeting], [GREETING, GREETING])
  })
}
