import { type ReactNode, use } from 'react'
import { type Direction, type Run, hasRightToLeft } from '../../lib/direction'
import { splitLinks } from '../../lib/links'
import { PlainText } from '../../parts/PlainText'
import { RowTabIndex } from './useRowFocus'

/**
 * Plain text with links: line breaks stay (by CSS), nothing is HTML. Lines of the same direction form one run; the last
 * run isn't a block, so that the time can be beside it.
 */
export function MessageText({ runs }: { runs: readonly Run[] }) {
  return (
    <p className="bubble-text">
      {runs.map(({ direction, text }, index) =>
        index < runs.length - 1 ? (
          <span key={index} className="bubble-run" dir={direction ?? undefined}>
            <LinkedText text={text} direction={direction} />
          </span>
        ) : (
          <LinkedText key={index} text={text} direction={direction} />
        ),
      )}
    </p>
  )
}

function LinkedText({ text, direction }: { text: string; direction: Direction | null }): ReactNode {
  // Overrides reverse letters to fake another file extension or address.
  return splitLinks(text.replace(/[\u202d\u202e]/g, '')).map((part, index) =>
    part.kind === 'link' ? <Link key={index} {...part} /> : <Glued key={index} text={part.text} direction={direction} />,
  )
}

/** French punctuation that follows a space stays on the line of its word. The text isn't changed, so that it is copied as it was written. */
function Glued({ text, direction }: { text: string; direction: Direction | null }): ReactNode {
  if (direction !== 'ltr' || hasRightToLeft(text)) return <PlainText text={text} direction={direction} />
  return text.split(/(\S [;:!?»]+|« \S)/).map((part, index) => (index % 2 ? <span key={index} className="glued">{part}</span> : part))
}

/** Isolated by `dir`: neither the text around it nor Arabic letters in it change the order in which its address is displayed. */
function Link({ href, host, rest }: { href: string; host: string; rest: string }) {
  return (
    <a href={href} dir="ltr" tabIndex={use(RowTabIndex)} target={href.startsWith('tel:') ? undefined : '_blank'} rel="noopener noreferrer nofollow">
      {hasRightToLeft(rest) ? (
        <>
          <bdi dir="ltr">{host}</bdi>
          <bdi dir="ltr">{rest}</bdi>
        </>
      ) : (
        host + rest
      )}
    </a>
  )
}
