import type { ReactNode } from 'react'
import { useScope } from './useScope'

/** Where the styles hold. InstantChat brings its own; single parts are put into one. */
export function StyleScope({ children }: { children: ReactNode }) {
  return <div {...useScope()}>{children}</div>
}
