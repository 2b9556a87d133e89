import { type RefObject, useEffect, useState } from 'react'
import { dayText } from '../../i18n/time'
import { useToday } from '../../i18n/useToday'
import { useTranslation } from '../../i18n/useTranslation'
import type { Row } from './messageRows'

export interface FloatingDayProps {
  /** The first visible row. */
  row: Row | undefined
  scroller: RefObject<HTMLElement | null>
}

/** How long it stays after scrolling, in milliseconds. */
const staysFor = 1_200

/** The day of the topmost message, while scrolling. Not for screen readers: they have the separators. */
export function FloatingDay({ row, scroller }: FloatingDayProps) {
  const { t, i18n } = useTranslation()
  const today = useToday()
  const isScrolling = useScrolling(scroller)
  const date = row && dateOf(row)
  if (!isScrolling || !date) return null
  return (
    <div className="floating-day" aria-hidden="true">
      <span>{dayText(i18n.language, date, today, { today: t('message.today'), yesterday: t('message.yesterday') })}</span>
    </div>
  )
}

/** Null where it stands in the list itself. */
function dateOf(row: Row): Date | null {
  if (row.kind === 'message') return new Date(row.message.timestamp)
  return row.kind === 'outgoing' ? new Date(row.outgoing.createdAt) : null
}

function useScrolling(scroller: RefObject<HTMLElement | null>): boolean {
  const [isScrolling, setIsScrolling] = useState(false)
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    let timer = 0
    const onScroll = () => {
      setIsScrolling(true)
      window.clearTimeout(timer)
      timer = window.setTimeout(() => {
        setIsScrolling(false)
      }, staysFor)
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      window.clearTimeout(timer)
      element.removeEventListener('scroll', onScroll)
    }
  }, [scroller])
  return isScrolling
}
