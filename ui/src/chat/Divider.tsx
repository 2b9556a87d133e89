import { type KeyboardEvent, useCallback, useState } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { phoneQuery, useMediaQuery } from '../lib/useMediaQuery'
import { writeStored } from '../lib/storage'
import { listWidthKey } from './Panes'

addLaterTexts()

/** The bounds of chat.css, in pixels. */
const least = 280
const most = () => Math.max(least, Math.round(window.innerWidth / 2))
/** How far one key moves it. */
const step = 16

/** Between the list and the conversation: moves with the pointer and the arrow keys; a double click undoes that. Kept on this device. */
export function Divider() {
  const { t } = useTranslation()
  const isPhone = useMediaQuery(phoneQuery)
  const [chat, setChat] = useState<HTMLElement | null>(null)
  const [width, setWidth] = useState(0)
  const line = useCallback((element: HTMLElement | null) => {
    const parent = element?.parentElement ?? null
    setChat(parent)
    setWidth(listWidth(parent))
  }, [])
  const move = (wanted: number | null) => {
    if (wanted === null) chat?.style.removeProperty('--list-chosen')
    else chat?.style.setProperty('--list-chosen', `${Math.min(most(), Math.max(least, Math.round(wanted)))}px`)
    setWidth(listWidth(chat))
  }
  const keep = () => {
    writeStored(listWidthKey, chat?.style.getPropertyValue('--list-chosen') ?? null)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const end = getComputedStyle(event.currentTarget).direction === 'rtl' ? -step : step
    const wanted = { ArrowRight: width + end, ArrowLeft: width - end, Home: least, End: most() }[event.key]
    if (wanted === undefined) return
    event.preventDefault()
    move(wanted)
    keep()
  }
  if (isPhone) return null
  return (
    // A window splitter, which is a widget (WAI-ARIA): the rules take every separator for a mere line.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={line}
      className="divider"
      role="separator"
      aria-orientation="vertical"
      aria-label={t('home.divider')}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most()}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.preventDefault()
        event.currentTarget.focus()
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
        const { left = 0, right = 0 } = chat?.getBoundingClientRect() ?? {}
        move(getComputedStyle(event.currentTarget).direction === 'rtl' ? right - event.clientX : event.clientX - left)
      }}
      onLostPointerCapture={keep}
      onDoubleClick={() => {
        move(null)
        keep()
      }}
    />
  )
}

function listWidth(chat: HTMLElement | null): number {
  return Math.round(chat?.querySelector('.list')?.getBoundingClientRect().width ?? 0)
}
