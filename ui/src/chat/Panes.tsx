import { type CSSProperties, type ReactNode, useRef, useState } from 'react'
import { readStored } from '../lib/storage'
import { useHiddenPart } from '../lib/useHiddenPart'
import { StyleScope } from '../parts/StyleScope'

/** How wide the list is, on this device: Divider. */
export const listWidthKey = 'messagerie.width'

/** The list and the open conversation; on a phone only one of them is shown. */
export function Panes({ view, children }: { view: 'list' | 'conversation'; children: ReactNode }) {
  const chat = useRef<HTMLDivElement>(null)
  const [width] = useState(() => readStored(listWidthKey))
  useHiddenPart(chat)
  return (
    <StyleScope>
      <div ref={chat} className="chat" data-view={view} style={{ '--list-chosen': width } as CSSProperties}>
        {children}
      </div>
    </StyleScope>
  )
}
