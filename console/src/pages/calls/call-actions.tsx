import { useState } from 'preact/hooks'
import type { Answer, Body } from '../../base/api.ts'
import { useShared } from '../../base/value.ts'
import { useWords } from '../../base/words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useFailureText } from '../../ui/failure.tsx'
import { AreaField } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.tsx'
import { sayInCall, stopCall } from './calls.ts'
import { humanPlace, takeOver } from './take-over.ts'
import { WORDS } from './words.ts'

interface CallActionsProps {
  readonly instanceId: string
  /** What tells the buttons of one call from those of another. */
  readonly name: string
  /** Somebody has taken it over already. */
  readonly hasHuman: boolean
  /** Icons alone, for rows. */
  readonly isSmall?: boolean
}

/** What can be done with a call that goes on: say something, take it over, end it. */
export function CallActions({ instanceId, name, hasHuman, isSmall = false }: CallActionsProps) {
  const say = useWords(WORDS)
  const told = useFailureText()
  const place = useShared(humanPlace)
  const [asked, setAsked] = useState<'say' | 'take-over' | 'stop' | undefined>()
  const close = (): void => setAsked(undefined)
  const run = async (task: Promise<Answer<Body>>, done: string): Promise<void> => {
    close()
    const answer = await task
    if (answer.ok) toast(done)
    else toast(told(answer.failure), 'error')
  }
  const begin = async (): Promise<void> => {
    close()
    const problem = await takeOver(instanceId)
    if (problem === undefined) return toast(say.tookOver)
    toast(problem.type === 'api' ? told(problem.failure) : say.callProblem(problem.code), 'error')
  }
  const button = (icon: string, text: string, action: typeof asked, isDisabled = false) => (
    <Button
      icon={icon}
      kind={isSmall ? 'quiet' : 'plain'}
      label={isSmall ? `${text}: ${name}` : text}
      isDisabled={isDisabled}
      onClick={() => setAsked(action)}
    >
      {isSmall ? undefined : text}
    </Button>
  )
  return (
    <div class="flex flex-wrap gap-1">
      {button('send', say.say, 'say')}
      {button('hand', say.takeOver, 'take-over', hasHuman || place !== undefined)}
      {button('phone-down', say.stop, 'stop')}
      {asked === 'say' && (
        <SayDialog
          onClose={close}
          onSay={(text) => void run(sayInCall(instanceId, text), say.said)}
        />
      )}
      {asked === 'take-over' && (
        <Question
          title={say.takeOver}
          text={say.takeOverText}
          action={say.takeOver}
          onClose={close}
          onYes={begin}
        />
      )}
      {asked === 'stop' && (
        <Question
          title={say.stopTitle}
          text={say.stopText}
          action={say.stop}
          isDanger
          onClose={close}
          onYes={() => run(stopCall(instanceId), say.stopped)}
        />
      )}
    </div>
  )
}

interface QuestionProps {
  readonly title: string
  readonly text: string
  readonly action: string
  readonly isDanger?: boolean
  readonly onClose: () => void
  readonly onYes: () => Promise<void>
}

function Question({ title, text, action, isDanger = false, onClose, onYes }: QuestionProps) {
  const say = useWords(WORDS)
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say.cancel}</Button>
          <Button kind={isDanger ? 'danger' : 'primary'} onClick={() => void onYes()}>
            {action}
          </Button>
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  )
}

function SayDialog(props: {
  readonly onClose: () => void
  readonly onSay: (text: string) => void
}) {
  const say = useWords(WORDS)
  const [text, setText] = useState('')
  const send = (): void => {
    if (text.trim() !== '') props.onSay(text.trim())
  }
  return (
    <Dialog
      title={say.say}
      onClose={props.onClose}
      actions={
        <>
          <Button onClick={props.onClose}>{say.cancel}</Button>
          <Button kind="primary" icon="send" isDisabled={text.trim() === ''} onClick={send}>
            {say.saySend}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <AreaField label={say.sayText} value={text} onInput={setText} rows={3} />
      </form>
    </Dialog>
  )
}
