import type { ReactNode } from 'react'
import { useScope } from './useScope'

/** The scope of the styles. InstantChat has its own; wrap single components in one. */
export function StyleScope({ children }: { children: ReactNode }) {
  return <div {...useScope()}>{children}</div>
}
