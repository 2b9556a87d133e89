import { createContext, type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import type { Row } from './messageRows'

/** The tabIndex of the controls in a row. The Tab key stops in one row only; the arrow keys move to the others. */
export const RowTabIndex = createContext<-1 | undefined>(undefined)

export interface RowFocus {
  list: RefObject<HTMLOListElement | null>
  /** The row that has, or had, the focus: it stays rendered. */
  focused: number
  /** The row in which the Tab key stops: the focused one, else the last visible one. -1 if there are no controls. */
  stopWithin: (sight: { startIndex: number; endIndex: number } | null) => number
  onFocus: (event: FocusEvent) => void
  onKeyDown: (event: KeyboardEvent) => void
}

/** The arrow keys, Home and End move from message to message, also to those that aren't rendered yet. */
export function useRowFocus(rows: Row[]): RowFocus {
  const list = useRef<HTMLOListElement>(null)
  const [focusedKey, setFocusedKey] = useState<string | null>(null)
  const focused = focusedKey === null ? -1 : rows.findIndex(({ key }) => key === focusedKey)
  // Only for keys; a clicked control has the focus already.
  const isDue = useRef(false)
  useLayoutEffect(() => {
    if (!isDue.current) return
    isDue.current = false
    const row = list.current?.querySelector<HTMLElement>(`[data-index="${focused}"]`)
    const button = row?.querySelector<HTMLElement>('[aria-haspopup]') ?? row?.querySelector('button')
    button?.focus({ preventScroll: true })
    row?.scrollIntoView({ block: 'nearest' })
  })
  return {
    list,
    focused,
    stopWithin: (sight) => {
      const { startIndex, endIndex } = sight ?? { startIndex: 0, endIndex: rows.length }
      if (isStop(rows[focused]) && focused >= startIndex && focused <= endIndex) return focused
      const last = rows.findLastIndex((row, index) => index <= endIndex && isStop(row))
      return last === -1 ? rows.findIndex(isStop) : last
    },
    onFocus: ({ target }) => {
      const index = rowIndex(list.current, target)
      if (index !== null) setFocusedKey(rows[index]?.key ?? null)
    },
    onKeyDown: (event) => {
      const from = rowIndex(list.current, event.target)
      const next = from === null || hasModifier(event) ? -1 : nextStop(rows, from, event.key)
      const row = rows[next]
      if (!row || next === from) return
      event.preventDefault()
      isDue.current = true
      setFocusedKey(row.key)
    },
  }
}

/** Null outside of the list, as in an open menu: events of portals also bubble through the React tree. */
function rowIndex(list: HTMLElement | null, target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
  return row && list?.contains(row) ? Number(row.dataset.index) : null
}

function nextStop(rows: Row[], from: number, key: string): number {
  switch (key) {
    case 'ArrowUp':
      return rows.findLastIndex((row, index) => index < from && isStop(row))
    case 'ArrowDown':
      return rows.findIndex((row, index) => index > from && isStop(row))
    case 'Home':
      return rows.findIndex(isStop)
    case 'End':
      return rows.findLastIndex(isStop)
    default:
      return -1
  }
}

/** Whether a row has controls. */
function isStop(row: Row | undefined): boolean {
  return row?.kind === 'outgoing' || row?.kind === 'scheduled' || (row?.kind === 'message' && !row.message.deleted)
}

function hasModifier({ altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  return altKey || ctrlKey || metaKey || shiftKey
}
