import { SendHorizontal } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import { isEnterLine } from '../../lib/display'
import { isComposing } from '../../lib/isComposing'
import { isBlank } from '../../lib/text'
import { touchQuery, useMediaQuery } from '../../lib/useMediaQuery'
import { maxContentLength } from '../../protocol/limits'
import { Sending, type SendOptions } from '../state/sending'

export interface MessageInputProps {
  /** The value of the field, which the caller controls. */
  text: string
  /** The names of the field and of its button, for screen readers. */
  label: string
  sendLabel: string
  /** Focuses the field on mount, except where that would open an on-screen keyboard. */
  takesFocus: boolean
  /** The text is being saved: read-only until that has succeeded or failed. */
  isBusy?: boolean
  /** The text can't be sent at the moment, but can be edited. */
  isHeld?: boolean
  /** Files go with it: the text may be empty. */
  hasFiles?: boolean
  onChange: (text: string) => void
  /** Called with the trimmed text, never longer than `maxContentLength`. */
  onSend: (content: string, options?: SendOptions) => void
  /** Beside the button; sends with `Sending`. */
  menu?: ReactNode
  /** Before the field. */
  start?: ReactNode
  /** In place of the send button, while there is nothing to send. */
  record?: ReactNode
  /** Called with files that are pasted. */
  onFiles?: (files: File[]) => void
  onCancel?: () => void
  /** Called for the up arrow key in an empty field. */
  onArrowUp?: () => void
  onTyping?: () => void
  onStopTyping?: () => void
}

/** The counter is shown from this many characters left. */
const counterFrom = 500

/**
 * The field for a message. Enter sends and Shift+Enter breaks the line; on a touch screen, or by choice, Enter breaks it. Ctrl+Enter always
 * sends. Keys of an input method are ignored.
 */
export function MessageInput(props: MessageInputProps) {
  const { text, label, takesFocus, isBusy = false, isHeld = false, onChange, onSend, onCancel, onArrowUp, onTyping, onStopTyping } = props
  const { t } = useTranslation()
  const counterId = useId()
  const isTouch = useMediaQuery(touchQuery)
  const field = useRef<HTMLTextAreaElement>(null)
  const content = text.trim()
  const isEmpty = !content && !props.hasFiles
  const left = maxContentLength - lengthOf(content)
  const canSend = (props.hasFiles || !isBlank(content)) && left >= 0 && !isBusy && !isHeld

  useLayoutEffect(() => {
    if (field.current) fitHeight(field.current, text.length)
  }, [text])

  useEffect(() => {
    const element = field.current
    if (!takesFocus || isTouch || !element) return
    element.focus()
    element.setSelectionRange(element.value.length, element.value.length)
  }, [takesFocus, isTouch])

  const send = (options?: SendOptions) => {
    if (!canSend) return
    onStopTyping?.()
    onSend(content, options)
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return
    const action = actionOf(event)
    if (!action) return
    event.preventDefault()
    action()
  }
  const actionOf = ({ key, shiftKey, ctrlKey, metaKey }: KeyboardEvent) => {
    if (key === 'Escape') return onCancel
    if (key === 'Enter' && (ctrlKey || metaKey || (!shiftKey && !isTouch && !isEnterLine()))) return () => { send() }
    return key === 'ArrowUp' && text === '' ? onArrowUp : undefined
  }

  return (
    <form
      className="composer-form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        // For React the dialogs of the menu are inside this form, with forms of their own.
        if (event.target === event.currentTarget) send()
      }}
    >
      {props.start}
      <textarea
        ref={field}
        rows={1}
        aria-label={label}
        aria-describedby={left < counterFrom ? counterId : undefined}
        aria-invalid={left < 0 || undefined}
        placeholder={t('composer.placeholder')}
        enterKeyHint={isTouch ? 'enter' : 'send'}
        dir="auto"
        readOnly={isBusy}
        value={text}
        onChange={(event) => {
          onChange(event.target.value)
          if (isBlank(event.target.value)) onStopTyping?.()
          else onTyping?.()
        }}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const { files, types } = event.clipboardData
          // A part of a document is in the clipboard as a text, and as a picture of it.
          if (!props.onFiles || files.length === 0 || types.includes('text/plain')) return
          event.preventDefault()
          props.onFiles(Array.from(files))
        }}
        onBlur={onStopTyping}
      />
      {/* Announced once, not with every change of the counter. */}
      <span role="status" className="visually-hidden">
        {left < 0 && t('error.content_too_long')}
      </span>
      {left < counterFrom && (
        <span id={counterId} className={`composer-counter${left < 0 ? ' is-over' : ''}`}>
          {left < 0 ? t('composer.over', { count: -left }) : t('composer.left', { count: left })}
        </span>
      )}
      <Sending value={canSend ? send : null}>{props.menu}</Sending>
      {isEmpty && props.record ? (
        props.record
      ) : (
        <button
          type="submit"
          className="send-button"
          aria-label={props.sendLabel}
          title={props.sendLabel}
          disabled={!canSend}
          data-empty={isEmpty ? '' : undefined}
          // The field keeps the focus, so that a phone's keyboard stays open.
          onPointerDown={(event) => {
            event.preventDefault()
          }}
        >
          <SendHorizontal size={20} aria-hidden="true" />
        </button>
      )}
    </form>
  )
}

/** In code points, as the server counts. */
function lengthOf(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0)
}

/** This many characters always exceed the field's `max-height`, so there is no need to measure. */
const overfull = 5_000

/**
 * Fits the height to the content, up to `max-height`, where the browser doesn't by itself (`field-sizing`). Measuring
 * forces two layouts per key, which is too slow for a pasted book.
 */
function fitHeight(field: HTMLTextAreaElement, length: number): void {
  if (Reflect.has(field.style, 'fieldSizing')) return
  if (length === 0) {
    field.style.height = ''
    return
  }
  const isOverfull = length > overfull
  const { form } = field
  // Keeps the height of the form in the meantime, so that the messages above don't scroll.
  if (form) form.style.height = `${form.offsetHeight}px`
  field.style.height = isOverfull ? '100dvh' : ''
  if (!isOverfull) field.style.height = `${field.scrollHeight}px`
  if (form) form.style.height = ''
}
