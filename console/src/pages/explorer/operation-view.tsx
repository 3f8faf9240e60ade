import { useState } from 'preact/hooks'
import type { ApiDescription, Operation } from '../../base/open-api.ts'
import { useWords } from '../../base/words.ts'
import { check, type Issue } from '../../schema-form/check.ts'
import { SchemaForm } from '../../schema-form/schema-form.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/page.tsx'
import { wireParameters } from './code.ts'
import { Outcome } from './outcome.tsx'
import { send, type Exchange } from './sending.ts'
import { Signer } from './signer.tsx'
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
  return (
    <div class="grid min-w-0 gap-4">
      <OperationHead operation={operation} />
      <form
        class="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (issues.length === 0) void onSend()
        }}
      >
        <Parameters
          operation={operation}
          api={api}
          value={value}
          issues={issues}
          onChange={onChange}
        />
        <Signer signer={signer} onSigner={setSigner} signerKey={key} onKey={setKey} />
        <SendBar issues={issues} trouble={trouble} isBusy={isBusy} />
      </form>
      <Outcome operation={operation} parameters={parameters} exchange={exchange} />
    </div>
  )
}

function OperationHead({ operation }: Pick<OperationViewProps, 'operation'>) {
  const say = useWords(WORDS)
  return (
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
  )
}

interface ParametersProps extends OperationViewProps {
  readonly value: Value
  readonly issues: readonly Issue[]
  readonly onChange: (value: Value) => void
}

/** The request's parameters; what is missing is told beside the button that sends them, not at each. */
function Parameters({ operation, api, value, issues, onChange }: ParametersProps) {
  const say = useWords(WORDS)
  const hasParameters = Object.keys(operation.input.properties ?? {}).length > 0
  return (
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
  )
}

interface SendBarProps {
  readonly issues: readonly Issue[]
  /** Why nothing came back; empty if something did. */
  readonly trouble: string
  readonly isBusy: boolean
}

/** The button that sends, and what stands in its way. */
function SendBar({ issues, trouble, isBusy }: SendBarProps) {
  const say = useWords(WORDS)
  const hasIssues = issues.length > 0
  const areAllMissing = issues.every(({ kind }) => kind === 'missing')
  return (
    <div class="flex flex-wrap items-center gap-3">
      <Button kind="primary" type="submit" icon="send" isDisabled={hasIssues} isBusy={isBusy}>
        {say.send}
      </Button>
      {hasIssues && (
        <p class="text-sm text-muted">
          {areAllMissing ? say.needed : say.issues(issues.length)}:{' '}
          {issues.map(({ path }) => path).join(', ')}
        </p>
      )}
      {trouble !== '' && (
        <p role="alert" class="text-sm text-danger">
          {trouble}
        </p>
      )}
    </div>
  )
}
