import type { ComponentChildren } from 'preact'

/** A link to another page of this console, without a new load. */
export function Link({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a href={href} data-go="" class="font-medium text-accent hover:underline">
      {children}
    </a>
  )
}
