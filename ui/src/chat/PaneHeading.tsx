import type { ReactNode } from 'react'
import { phoneQuery, useMediaQuery } from '../lib/useMediaQuery'

/** What stands in the right pane. A phone shows one pane at a time: this is then the only heading. */
export function PaneHeading({ children }: { children: ReactNode }) {
  const Heading = useMediaQuery(phoneQuery) ? 'h1' : 'h2'
  return <Heading dir="auto">{children}</Heading>
}
