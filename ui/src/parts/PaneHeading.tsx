import type { Ref } from 'react'
import { phoneQuery, useMediaQuery } from '../lib/useMediaQuery'

interface PaneHeadingProps {
  children: string
  dir?: 'auto'
  /** To give it the focus. */
  ref?: Ref<HTMLHeadingElement>
}

/** What stands in the right pane. A phone shows one pane at a time: this is then the only heading. */
export function PaneHeading({ children, dir, ref }: PaneHeadingProps) {
  const Heading = useMediaQuery(phoneQuery) ? 'h1' : 'h2'
  return (
    <Heading dir={dir} ref={ref} tabIndex={ref ? -1 : undefined}>
      {children}
    </Heading>
  )
}
