import { splitLinks } from '../lib/links'

/** Plain text: line breaks stay (by CSS), links can be followed, nothing is HTML. */
export function MessageText({ text }: { text: string }) {
  return (
    <p className="bubble-text" dir="auto">
      {splitLinks(text).map((part, index) =>
        part.kind === 'link' ? (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </p>
  )
}
