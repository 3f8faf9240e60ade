import { useState } from 'preact/hooks'
import type { ApiDescription, Operation } from '../../base/open-api.ts'
import { useWords } from '../../base/words.ts'
import { check } from '../../schema-form/check.ts'
import { SchemaForm } from '../../schema-form/schema-form.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ChoiceField, TextField } from '../../ui/field.tsx'
import { Card } from '../../ui/page.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { CODE, commands, wireParameters } from './code.ts'
import { send, type Exchange } from './sending.ts'
import type { Key } from './signing.ts'
import { WORDS } from './words.ts'

interface OperationViewProps {
  readonly operation: Operation
  readonly api: ApiDescription
}

type Value = Readonly<Record<string, unknown>>

/** What was put in stays while the user looks at other operations. */
const kept = new Map<string, Value>()
const NO_KEY: Key = { accessKeyId: '', accessKeySecret: '' }

export function OperationView({ operation, api }: OperationViewProps) {
  const say = useWords(WORDS)
  const [value, setValue] = useState<Value>(() => kept.get(operation.name) ?? {})
  const [signer, setSigner] = useState<'session' | 'key'>('session')
  const [key, setKey] = useState<Key>(NO_KEY)
  const [exchange, setExchange] = useState<Exchange | undefined>()
  const [trouble, setTrouble] = useState('')
  const [isBusy, setBusy] = useState(false)
  const issues = check(operation.input, value, api)
  const parameters = wireParameters(value)
  const onChange = (next: Value): void => {
    kept.set(operation.name, next)
    setValue(next)
  }
  const onSend = async (): Promise<void> => {
    setBusy(true)
    const done = await send(operation, parameters, signer === 'key' ? key : undefined)
    setExchange(done)
    setTrouble(done === undefined ? say.noConnection : '')
    setBusy(false)
  }
  const hasParameters = Object.keys(operation.input.properties ?? {}).length > 0
  return (
    <div class="grid min-w-0 gap-4">
      <div>
        <h2 class="text-lg font-semibold tracking-tight">{operation.name}</h2>
        <p class="text-sm text-muted">{operation.summary}</p>
        <p class="mt-2 flex flex-wrap gap-2">
          <Badge>{operation.version}</Badge>
          <Badge tone="good">
            {say.permission}: {operation.permission}
          </Badge>
        </p>
      </div>
      <form
        class="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (issues.length === 0) void onSend()
        }}
      >
        <Card title={say.parameters}>
          {hasParameters ? (
            <SchemaForm
              schema={operation.input}
              value={value}
              onChange={onChange}
              api={api}
              issues={issues.filter(({ kind }) => kind !== 'missing')}
            />
          ) : (
            <p class="text-sm text-muted">{say.noParameters}</p>
          )}
        </Card>
        <Signer signer={signer} onSigner={setSigner} signerKey={key} onKey={setKey} />
        <div class="flex flex-wrap items-center gap-3">
          <Button
            kind="primary"
            type="submit"
            icon="send"
            isDisabled={issues.length > 0}
            isBusy={isBusy}
          >
            {say.send}
          </Button>
          {issues.length > 0 && (
            <p class="text-sm text-muted">
              {issues.every(({ kind }) => kind === 'missing')
                ? say.needed
                : say.issues(issues.length)}
              : {issues.map(({ path }) => path).join(', ')}
            </p>
          )}
          {trouble !== '' && (
            <p role="alert" class="text-sm text-danger">
              {trouble}
            </p>
          )}
        </div>
      </form>
      <Outcome operation={operation} parameters={parameters} exchange={exchange} />
    </div>
  )
}

interface SignerProps {
  readonly signer: 'session' | 'key'
  readonly onSigner: (signer: 'session' | 'key') => void
  readonly signerKey: Key
  readonly onKey: (key: Key) => void
}

function Signer({ signer, onSigner, signerKey, onKey }: SignerProps) {
  const say = useWords(WORDS)
  return (
    <div class="grid max-w-3xl gap-4 sm:grid-cols-3">
      <ChoiceField
        label={say.signWith}
        value={signer}
        choices={[
          ['session', say.session],
          ['key', say.ownKey],
        ]}
        onChoose={(choice) => onSigner(choice === 'key' ? 'key' : 'session')}
        hint={signer === 'key' && !isSecureContext ? say.needsHttps : undefined}
      />
      {signer === 'key' && (
        <>
          <TextField
            label={say.keyId}
            value={signerKey.accessKeyId}
            onInput={(accessKeyId) => onKey({ ...signerKey, accessKeyId })}
          />
          <TextField
            label={say.keySecret}
            type="password"
            hint={say.keyNote}
            value={signerKey.accessKeySecret}
            onInput={(accessKeySecret) => onKey({ ...signerKey, accessKeySecret })}
          />
        </>
      )}
    </div>
  )
}

interface OutcomeProps {
  readonly operation: Operation
  readonly parameters: Readonly<Record<string, string>>
  readonly exchange: Exchange | undefined
}

function Outcome({ operation, parameters, exchange }: OutcomeProps) {
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
