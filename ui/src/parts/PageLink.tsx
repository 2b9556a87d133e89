import type { AnchorHTMLAttributes } from 'react'
import { goTo } from '../lib/route'

/** A link to another page of the client, without a reload. */
export function PageLink({ path, className = 'page-link', children, ...rest }: { path: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  return (
    <a
      {...rest}
      className={className}
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
