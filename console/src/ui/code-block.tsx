import { useState } from 'preact/hooks'
import { useWords, words } from '../base/words.ts'
import { Button } from './button.tsx'

const WORDS = words({ copy: 'Copy', copied: 'Copied' }, { copy: '复制', copied: '已复制' })

/** Text to be taken away: code, JSON, an address. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  const say = useWords(WORDS)
  const [isCopied, setCopied] = useState(false)
  const copy = (): void => {
    void navigator.clipboard?.writeText(code).then(() => {
      setCopied(true)
      setTimeout(() => setCopied(false), 1500)
    })
  }
  return (
    <div class="relative flex min-w-0 flex-col-reverse rounded-lg border border-line bg-paper sm:block">
      <pre
        class="max-h-[32rem] overflow-auto p-3 font-mono text-xs leading-5 sm:pr-24"
        tabIndex={0}
        aria-label={label}
      >
        {code}
      </pre>
      <div class="self-end p-1.5 pb-0 sm:absolute sm:top-1.5 sm:right-1.5 sm:p-0">
        <Button kind="plain" onClick={copy}>
          {isCopied ? say.copied : say.copy}
        </Button>
      </div>
    </div>
  )
}
