/*
 * Runs in a page before its own scripts: notes which elements listen to the pointer, and, while somebody walks
 * the page by the Tab key, where the focus went and whether it could be seen there.
 */
{
  const listening = new WeakSet()
  const steps = []

  const { addEventListener, removeEventListener } = EventTarget.prototype
  const isOfPointer = (type) => type === 'click' || type === 'pointerdown'
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (isOfPointer(type) && this instanceof Element) listening.add(this)
    return addEventListener.call(this, type, ...rest)
  }
  EventTarget.prototype.removeEventListener = function (type, ...rest) {
    if (isOfPointer(type) && this instanceof Element) listening.delete(this)
    return removeEventListener.call(this, type, ...rest)
  }

  const FOCUSABLE =
    'a[href], button, input, select, textarea, summary, audio[controls], [tabindex], [contenteditable]'

  /** The part of the page that can be used: before an open dialog all else is out of reach. */
  const reachable = () => document.querySelector('dialog:modal') ?? document.body

  const isVisible = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return false
    return element.closest('[inert], [aria-hidden=true]') === null
  }

  /** Of a group with one stop for Tab (tabs, radio buttons) the others are reached by the arrow keys. */
  const isInGroup = (element) => {
    if (element.matches('input[type=radio]:not(:checked)'))
      return document.querySelector(`input[name="${element.name}"]:checked`) !== null
    if (element.tabIndex >= 0 || element.getAttribute('role') !== 'tab') return false
    return element.matches('[role=tablist]:has([role=tab][tabindex="0"]) *')
  }

  const name = (element) => {
    const words = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? ''
    return `<${element.localName}> ${(words || element.outerHTML).slice(0, 60)}`
  }

  /** All that the pointer can use, and Tab should: those that listen, if nothing that has the focus is in them. */
  const wanted = () => {
    const root = reachable()
    return [...root.querySelectorAll('*')].filter((element) => {
      if (!isVisible(element) || element.matches(':disabled') || isInGroup(element)) return false
      if (element.matches(FOCUSABLE)) return element.tabIndex >= 0
      return listening.has(element) && element.closest(FOCUSABLE) === null
    })
  }

  /** What of a focused element's ring can be seen, and whether something lies over the element. */
  const look = (focused) => {
    const troubles = []
    // A control that is kept for screen readers alone is seen as its label.
    const element = (focused.offsetWidth <= 1 && focused.closest('label')) || focused
    const style = getComputedStyle(element)
    const width = style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)
    if (width < 2) troubles.push('shows no focus')
    const room = width + parseFloat(style.outlineOffset)
    const box = element.getBoundingClientRect()
    const ring = {
      left: box.left - room,
      top: box.top - room,
      right: box.right + room,
      bottom: box.bottom + room,
    }
    const cut = { left: ring.left, top: ring.top, right: ring.right, bottom: ring.bottom }
    for (let at = element.parentElement; at !== null; at = at.parentElement) {
      const { overflowX, overflowY, overflowClipMargin } = getComputedStyle(at)
      const by = at.getBoundingClientRect()
      const more = overflowX === 'clip' ? parseFloat(overflowClipMargin) : 0
      if (overflowX !== 'visible') {
        cut.left = Math.max(cut.left, by.left - more)
        cut.right = Math.min(cut.right, by.right + more)
      }
      if (overflowY !== 'visible') {
        cut.top = Math.max(cut.top, by.top - more)
        cut.bottom = Math.min(cut.bottom, by.bottom + more)
      }
      // Nothing around a dialog cuts it off.
      if (at.matches('dialog')) break
    }
    const sides = ['left', 'top', 'right', 'bottom'].filter(
      (side) => Math.abs(cut[side] - ring[side]) > width - 0.5,
    )
    if (sides.length > 1) troubles.push(`has its focus cut off at ${sides.join(', ')}`)
    if (!isInSight(element, cut)) troubles.push('is covered, or out of sight')
    return troubles
  }

  /** Some of it can be seen: a tall one need not be in view as a whole. */
  const isInSight = (element, cut) => {
    const left = Math.max(0, cut.left)
    const right = Math.min(innerWidth, cut.right)
    const top = Math.max(0, cut.top)
    const bottom = Math.min(innerHeight, cut.bottom)
    if (right - left < 2 || bottom - top < 2) return false
    return [0.25, 0.5, 0.75].some((share) => {
      const y = top + (bottom - top) * share
      const seen = document.elementFromPoint(left + (right - left) / 2, y)
      return seen !== null && (element.contains(seen) || seen.contains(element))
    })
  }

  const leave = () => {
    const element = document.activeElement
    if (element === null || element === document.body) return
    // Fields for dates and players of sound have stops of their own within.
    if (element === steps.at(-1)?.element) return
    const isInside = reachable().contains(element)
    steps.push({ element, troubles: isInside ? look(element) : ['is outside of the dialog'] })
  }
  addEventListener.call(window, 'keydown', (event) => event.key === 'Tab' && leave(), true)

  window.pageWalk = {
    begin: () => {
      steps.length = 0
      document.activeElement?.blur()
    },
    /** How often the focus came back to where it was first. */
    rounds: () => steps.filter(({ element }) => element === steps[0]?.element).length - 1,
    /** What was wrong on the way. */
    troubles: () => {
      leave()
      const reached = new Set(steps.map(({ element }) => element))
      const found = new Set(
        wanted()
          .filter((element) => !reached.has(element))
          .map((element) => `${name(element)} is not reached`),
      )
      for (const { element, troubles } of steps)
        for (const trouble of troubles) found.add(`${name(element)} ${trouble}`)
      return [...found]
    },
  }
}
