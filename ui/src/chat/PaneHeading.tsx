import { phoneQuery, useMediaQuery } from '../lib/useMediaQuery'

/** What stands in the right pane. A phone shows one pane at a time: this is then the only heading. */
export function PaneHeading({ children, dir }: { children: string; dir?: 'auto' }) {
  const Heading = useMediaQuery(phoneQuery) ? 'h1' : 'h2'
  return <Heading dir={dir}>{children}</Heading>
}
