import type { ReactNode } from 'react'
import { type Direction, hasRightToLeft, splitNumbers } from '../lib/direction'

/** Text whose numbers aren't displayed backwards in right-to-left text. */
export function PlainText({ text, direction = null }: { text: string; direction?: Direction | null }): ReactNode {
  if (direction === 'ltr' && !hasRightToLeft(text)) return text
  return splitNumbers(text).map((part, index) =>
    part.kind === 'number' ? (
      <bdo key={index} dir="ltr">
        {part.text}
      </bdo>
    ) : (
      part.text
    ),
  )
}
