import { type ReactNode, useRef } from 'react'
import { useHiddenPart } from '../lib/useHiddenPart'
import { StyleScope } from '../parts/StyleScope'

/** The list and the open conversation; on a phone only one of them is shown. */
export function Panes({ view, children }: { view: 'list' | 'conversation'; children: ReactNode }) {
  const chat = useRef<HTMLDivElement>(null)
  useHiddenPart(chat)
  return (
    <StyleScope>
      <div ref={chat} className="chat" data-view={view}>
        {children}
      </div>
    </StyleScope>
  )
}
