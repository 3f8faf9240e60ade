import { useState } from 'preact/hooks'
import type { Operation } from '../../base/open-api.ts'
import { useWords } from '../../base/words.ts'
import { Badge } from '../../ui/badge.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Card } from '../../ui/page.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { CODE, commands } from './code.ts'
import type { Exchange } from './sending.ts'
import { WORDS } from './words.ts'

interface OutcomeProps {
  readonly operation: Operation
  readonly parameters: Readonly<Record<string, string>>
  readonly exchange: Exchange | undefined
}

/** What came back, what was sent, a program that sends it, and what may be refused. */
export function Outcome({ operation, parameters, exchange }: OutcomeProps) {
  const say = useWords(WORDS)
  const [view, setView] = useState('answer')
  return (
    <Card>
      <Tabs
        label={say.answer}
        tabs={[
          ['answer', say.answer],
          ['request', say.request],
          ['code', say.code],
          ['errors', say.refusals],
        ]}
        chosen={view}
        onChoose={setView}
      />
      <div role="tabpanel" class="mt-4 grid gap-3">
        {(view === 'answer' || view === 'request') && exchange === undefined && (
          <p class="text-sm text-muted">{say.notSent}</p>
        )}
        {view === 'answer' && exchange && (
          <>
            <p class="flex gap-2">
              <Badge tone={exchange.status < 300 ? 'good' : 'bad'}>HTTP {exchange.status}</Badge>
              <Badge>{say.took(exchange.tookMs)}</Badge>
            </p>
            <CodeBlock code={exchange.answer} label={say.answer} />
          </>
        )}
        {view === 'request' && exchange && (
          <CodeBlock code={exchange.request} label={say.request} />
        )}
        {view === 'code' && <Code operation={operation} parameters={parameters} />}
        {view === 'errors' && <Refusals operation={operation} />}
      </div>
    </Card>
  )
}

/** A program that sends the request, and what to type to run it. */
function Code({ operation, parameters }: Pick<OutcomeProps, 'operation' | 'parameters'>) {
  const say = useWords(WORDS)
  const [chosen, setChosen] = useState('typescript')
  const language = CODE.find(({ id }) => id === chosen) ?? CODE[0]
  if (language === undefined) return null
  const call = {
    action: operation.name,
    version: operation.version,
    endpoint: location.host,
    isSecure: location.protocol === 'https:',
    parameters,
  }
  return (
    <>
      <Tabs
        label={say.code}
        tabs={CODE.map(({ id, name }) => [id, name] as const)}
        chosen={chosen}
        onChoose={setChosen}
      />
      <p class="text-xs text-muted">
        {say.saveAs} <code class="text-ink">{language.file(call)}</code> ({say.needs}{' '}
        {language.needs}):
      </p>
      <CodeBlock label={language.name} code={language.write(call)} />
      <p class="text-xs text-muted">
        {say.keysFrom} <code class="text-ink">ALIBABA_CLOUD_ACCESS_KEY_ID</code>,{' '}
        <code class="text-ink">ALIBABA_CLOUD_ACCESS_KEY_SECRET</code>. {say.thenType}
      </p>
      <CodeBlock label={say.commands} code={commands(language, call)} />
    </>
  )
}

function Refusals({ operation }: { operation: Operation }) {
  return (
    <dl class="grid gap-3 text-sm">
      {operation.refusals.map(({ status, codes }) => (
        <div key={status} class="flex gap-3">
          <dt class="w-12 flex-none font-medium tabular-nums">{status}</dt>
          <dd class="flex min-w-0 flex-wrap gap-1.5">
            {codes.map((code) => (
              <Badge key={code}>{code}</Badge>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}
