/**
 * The code that the explorer shows, run as it is shown, in each language: the vendor's client is installed by the command
 * that is shown with it. Needs package registries; a language that is not to be had is skipped.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { CODE, type Language } from '../../../console/src/pages/explorer/code.ts'
import { makeChannelToken, type RtcApp } from '../../src/schema/channel-token.ts'
import { startAntiphon, temporaryFolder, type Antiphon } from '../system/antiphon-process.ts'
import { OWN_VERSION, vendorClients } from '../system/vendor-client.ts'
import { install } from './installing.ts'
import { answerOf, runShown, type Shown } from './shown-code.ts'

/** What is awkward in some language: quotes, escapes, signs of shells and templates, characters of two units. */
const TEXT = 'Say "it\'s" 50 % 你好 😀 é & more \\ \\u0022 $HOME ${x} #{y} `q` <b>\n{0} %41+\t//'

const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  typescript: ['node', 'npm'],
  python: ['python3'],
  java: ['java', 'mvn'],
  go: ['go'],
  curl: ['curl', 'openssl'],
}

const root = temporaryFolder()
const folderOf = ({ id }: Language): string => join(root, id)
const troubles = await Promise.all(
  CODE.map((language) =>
    install({
      folder: folderOf(language),
      programs: PROGRAMS[language.id] ?? [],
      commands: language.install,
    }),
  ),
)

let server: Antiphon
before(async () => {
  server = await startAntiphon()
})
after(() => server.end('SIGKILL'))

const makeAgent = async (name: string): Promise<unknown> =>
  (await vendorClients(server).call('CreateAIAgent', { Name: name }, OWN_VERSION))['AIAgentId']

/** What an agent needs to join a channel of the program's own. */
function joining(channelId: string): Readonly<Record<string, string>> {
  const app = JSON.parse(readFileSync(join(server.folder, 'rtc-app.json'), 'utf8')) as RtcApp
  const expiresS = Math.floor(Date.now() / 1000) + 600
  const AuthToken = makeChannelToken({ ...app, channelId, userId: 'agent', expiresS })
  return { ChannelId: channelId, AgentUserId: 'agent', AuthToken }
}

interface Listed {
  readonly UserData: string
  readonly RuntimeConfig: { readonly ChannelId: string }
  readonly AgentConfig: { readonly Greeting: string; readonly Volume: number }
}

for (const [index, language] of CODE.entries()) {
  const skip = troubles[index] ?? false
  const run = (shown: Shown) => runShown(language, folderOf(language), server, shown)

  test(`${language.name}: calls are made, started and listed`, { skip }, async () => {
    const AIAgentId = await makeAgent(language.id)
    const AgentConfig = { Greeting: TEXT, Volume: 50 }
    const made = await run({
      action: 'GenerateAIAgentCall',
      parameters: { AIAgentId, AgentConfig, UserData: TEXT, Expire: 3600 },
    })
    const { ChannelId } = answerOf(made)
    const RuntimeConfig = joining(`room-${language.id}`)
    const started = await run({
      action: 'StartAIAgentInstance',
      parameters: { AIAgentId, RuntimeConfig, AgentConfig, UserData: TEXT },
    })
    assert.match(String(answerOf(started)['InstanceId']), /^[0-9a-f]{32}$/)
    const listed = await run({
      action: 'ListAIAgentInstance',
      parameters: { AIAgentId, StartTime: '2020-01-01T00:00:00Z', PageSize: 5, PageNumber: 1 },
    })
    const instances = answerOf(listed)['Instances'] as readonly Listed[]
    assert.deepEqual(
      instances.map((one) => [one.RuntimeConfig.ChannelId, one.UserData, one.AgentConfig]),
      [`room-${language.id}`, ChannelId].map((channel) => [channel, TEXT, AgentConfig]),
    )
  })

  test(`${language.name}: our own operations, with and without parameters`, { skip }, async () => {
    const parameters = { Name: TEXT.replace('\n', ' ').replace('\t', ' '), Type: 'VoiceChat' }
    const made = await run({ action: 'CreateAIAgent', version: OWN_VERSION, parameters })
    assert.match(String(answerOf(made)['AIAgentId']), /^[0-9a-f]{32}$/)
    const listed = await run({ action: 'ListAIAgents', version: OWN_VERSION, parameters: {} })
    const agents = answerOf(listed)['Agents'] as readonly { readonly Name: string }[]
    assert.ok(agents.some(({ Name }) => Name === parameters.Name))
  })

  test(`${language.name}: what is wrong is said, and the program fails`, { skip }, async () => {
    const AIAgentId = await makeAgent(`${language.id} again`)
    const parameters = { AIAgentId, PageSize: 500 }
    const { status, stdout, stderr } = await run({ action: 'ListAIAgentInstance', parameters })
    const said = stdout + stderr
    assert.notEqual(status, 0)
    assert.match(said, /InvalidParameter/)
    assert.match(said, /PageSize value is not valid: allowed: integers from 0 to 100/)
    assert.match(said, /[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/)
    assert.doesNotMatch(said, /Traceback|goroutine|Exception in thread|\n {4}at /)
  })
}
