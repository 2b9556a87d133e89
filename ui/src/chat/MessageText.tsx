import { use } from 'react'
import { splitLinks } from '../lib/links'
import { RowTabIndex } from './useRowFocus'

/** Plain text: line breaks stay (by CSS), links can be followed, nothing is HTML. */
export function MessageText({ text }: { text: string }) {
  return (
    <p className="bubble-text" dir="auto">
      {splitLinks(text).map((part, index) =>
        part.kind === 'link' ? (
          <Link key={index} href={part.href} text={part.text} />
        ) : (
          part.text
        ),
      )}
    </p>
  )
}

function Link({ href, text }: { href: string; text: string }) {
  return (
    <a href={href} tabIndex={use(RowTabIndex)} target="_blank" rel="noopener noreferrer nofollow">
      {text}
    </a>
  )
}
