import type { ReactNode } from 'react'
import { goTo } from '../lib/route'

/** A link to another page of the client, without a reload. */
export function PageLink({ path, children }: { path: string; children: ReactNode }) {
  return (
    <a
      className="page-link"
      href={path}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        goTo(path)
      }}
    >
      {children}
    </a>
  )
}
