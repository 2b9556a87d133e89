import type { Ref } from 'react'
import { phoneQuery, useMediaQuery } from '../lib/useMediaQuery'

interface PaneHeadingProps {
  children: string
  dir?: 'auto'
  /** To focus it. */
  ref?: Ref<HTMLHeadingElement>
}

/** The heading of the right pane. On a phone, which shows one pane at a time, it is the only heading. */
export function PaneHeading({ children, dir, ref }: PaneHeadingProps) {
  const Heading = useMediaQuery(phoneQuery) ? 'h1' : 'h2'
  return (
    <Heading dir={dir} ref={ref} tabIndex={ref ? -1 : undefined}>
      {children}
    </Heading>
  )
}
