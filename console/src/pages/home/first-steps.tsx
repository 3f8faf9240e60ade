import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../base/api.ts'
import { go } from '../../base/router.ts'
import { useWords, words } from '../../base/words.ts'
import { keep, recall } from '../../base/value.ts'
import { listProviders } from '../../providers/providers.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { useFailureText } from '../../ui/failure.tsx'
import { Card } from '../../ui/page.tsx'
import { toast } from '../../ui/toast.tsx'
import { createAgent, listAgents } from '../agents/agents.ts'

const WORDS = words(
  {
    title: 'First steps',
    hide: 'Do not show again',
    done: 'Done:',
    talk: 'Talk to the demo agent',
    talkText:
      'It runs on this machine, without any other service. Speak as you would on the phone.',
    talkGo: 'Start talking',
    model: 'Plug in a language model',
    modelText:
      'A small built-in responder answers so far. Give it the address of a model; a test says precisely whether it works.',
    modelGo: 'Plug in a model',
    agent: 'Make your agent',
    agentText: 'Give it a greeting, a character and a voice, and talk to it beside the editor.',
    agentGo: 'New agent',
    agentName: 'My agent',
    api: 'Use the API',
    apiText:
      'Try any operation and take the code away. The access key lies in the server’s data folder, in access-key.json.',
    apiGo: 'API explorer',
  },
  {
    title: '第一步',
    hide: '不再显示',
    done: '已完成：',
    talk: '与演示智能体通话',
    talkText: '它完全运行在本机，不依赖任何其他服务。像打电话一样说话即可。',
    talkGo: '开始通话',
    model: '接入语言模型',
    modelText: '目前由内置的简单应答器回答。填写模型的地址，测试会明确指出是否可用。',
    modelGo: '接入模型',
    agent: '创建您的智能体',
    agentText: '设置问候语、角色和音色，并在编辑器旁与之通话。',
    agentGo: '新建智能体',
    agentName: '我的智能体',
    api: '使用 API',
    apiText: '试用任意操作并带走代码。访问密钥位于服务器数据目录的 access-key.json 中。',
    apiGo: 'API 调试',
  },
)

interface Progress {
  readonly hasTalked: boolean
  readonly hasModel: boolean
  readonly hasAgent: boolean
}

const SHOWN_KEY = 'first-steps'

/** What a new system invites to; it goes when all is done, or when it is sent away. */
export function FirstSteps() {
  const say = useWords(WORDS)
  const told = useFailureText()
  const [isHidden, setHidden] = useState(recall(SHOWN_KEY) === 'hidden')
  const [progress, setProgress] = useState<Progress | undefined>()
  useEffect(() => {
    if (!isHidden) void lookAtProgress().then(setProgress)
  }, [isHidden])
  if (isHidden || progress === undefined) return null
  const { hasTalked, hasModel, hasAgent } = progress
  if (hasTalked && hasModel && hasAgent) return null
  const make = async (): Promise<void> => {
    const made = await createAgent({ name: say.agentName })
    if (made.ok) go(`/agents/${made.value}?part=speaking`)
    else toast(told(made.failure), 'error')
  }
  const hide = (): void => {
    keep(SHOWN_KEY, 'hidden')
    setHidden(true)
  }
  return (
    <Card
      title={say.title}
      actions={
        <Button kind="quiet" onClick={hide}>
          {say.hide}
        </Button>
      }
    >
      <ol class="grid gap-5 sm:grid-cols-2 xl:grid-cols-4">
        <Step isDone={hasTalked} number={1} title={say.talk} text={say.talkText}>
          <LinkButton href="/talk" icon="phone">
            {say.talkGo}
          </LinkButton>
        </Step>
        <Step isDone={hasModel} number={2} title={say.model} text={say.modelText}>
          <LinkButton href="/plug-in">{say.modelGo}</LinkButton>
        </Step>
        <Step isDone={hasAgent} number={3} title={say.agent} text={say.agentText}>
          <Button icon="plus" onClick={() => void make()}>
            {say.agentGo}
          </Button>
        </Step>
        <Step number={4} title={say.api} text={say.apiText}>
          <LinkButton href="/explorer">{say.apiGo}</LinkButton>
        </Step>
      </ol>
    </Card>
  )
}

/** `undefined` when whoever is signed in may not know. */
async function lookAtProgress(): Promise<Progress | undefined> {
  const [calls, agents, providers] = await Promise.all([
    ask({ action: 'SearchAIAgentInstances', parameters: { MaxResults: 1 } }),
    listAgents(),
    listProviders(),
  ])
  if (!calls.ok || !agents.ok || !providers.ok) return undefined
  const found = calls.value['Instances']
  const isPlugged = providers.value.some(
    ({ kind, name, isDefault }) => kind === 'llm' && isDefault && name !== 'builtin',
  )
  return {
    hasTalked: Array.isArray(found) && found.length > 0,
    hasModel: isPlugged || agents.value.some((agent) => agent.providers['llm'] !== undefined),
    hasAgent: agents.value.length > 1,
  }
}

interface StepProps {
  readonly number: number
  readonly title: string
  readonly text: string
  readonly isDone?: boolean
  /** Where it is done. */
  readonly children: ComponentChildren
}

function Step({ number, title, text, isDone = false, children }: StepProps) {
  const say = useWords(WORDS)
  return (
    <li class="flex min-w-0 gap-3">
      <span
        class={`mt-0.5 flex size-6 flex-none items-center justify-center rounded-full text-xs font-semibold ${isDone ? 'bg-accent text-accent-ink' : 'bg-fill text-muted'}`}
        aria-hidden="true"
      >
        {isDone ? <span class="icon icon-check size-3.5" /> : number}
      </span>
      <div class="flex min-w-0 flex-col items-start gap-1">
        <h3 class="text-sm font-medium">
          {isDone && <span class="sr-only">{say.done} </span>}
          {title}
        </h3>
        <div class={isDone ? 'hidden sm:block' : ''}>
          <p class="text-sm text-muted">{text}</p>
          <div class="mt-2.5">{children}</div>
        </div>
      </div>
    </li>
  )
}
