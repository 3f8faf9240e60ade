import { useWords, words } from '../../base/words.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Card, Page } from '../../ui/page.tsx'

const WORDS = words(
  {
    title: 'Home',
    lead: 'Your own server for conversations with AI agents.',
    talk: 'Talk to the demo agent',
    talkText:
      'It runs on this machine, without any other service. Speak as you would on the phone.',
    call: 'Talk',
  },
  {
    title: '首页',
    lead: '您自己的 AI 智能体实时对话服务器。',
    talk: '与演示智能体通话',
    talkText: '它完全运行在本机，不依赖任何其他服务。像打电话一样说话即可。',
    call: '通话',
  },
)

export function HomePage() {
  const say = useWords(WORDS)
  return (
    <Page title={say.title} lead={say.lead}>
      <Card title={say.talk}>
        <p class="text-sm text-muted">{say.talkText}</p>
        <div class="mt-4">
          <LinkButton href="/talk" kind="primary" icon="phone">
            {say.call}
          </LinkButton>
        </div>
      </Card>
    </Page>
  )
}
