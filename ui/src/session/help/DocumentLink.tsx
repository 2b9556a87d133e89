/** A link to a page that isn't the client's, in a tab of its own, so that nothing here is lost. */
export function DocumentLink({ href, children }: { href: string; children: string }) {
  return (
    <a className="page-link" href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}
