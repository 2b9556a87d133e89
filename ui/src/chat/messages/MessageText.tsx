import { type ReactNode, use } from 'react'
import { type Direction, type Run, hasRightToLeft } from '../../lib/direction'
import { splitLinks } from '../../lib/links'
import { PlainText } from '../../parts/PlainText'
import { RowTabIndex } from './useRowFocus'

/**
 * Plain text: line breaks stay (by CSS), links can be followed, nothing is HTML. Lines that run the same way are one
 * stretch; the last one is no block, so that what follows may stand beside it.
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
  // Overrides turn letters around that nobody reads that way: to show a name of another ending, or another address.
  return splitLinks(text.replace(/[\u202d\u202e]/g, '')).map((part, index) =>
    part.kind === 'link' ? <Link key={index} {...part} /> : <PlainText key={index} text={part.text} direction={direction} />,
  )
}

/** Isolated, as `dir` does it: nothing around it, nor Arabic letters in it, changes the order in which one reads where it leads. */
function Link({ href, host, rest }: { href: string; host: string; rest: string }) {
  return (
    <a href={href} dir="ltr" tabIndex={use(RowTabIndex)} target="_blank" rel="noopener noreferrer nofollow">
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
