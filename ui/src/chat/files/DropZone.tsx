import './files.css'
import { Paperclip } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useFileTexts } from '../../i18n/files/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { maxAttachments } from '../../protocol/limits'
import { sizeText } from './kinds'

export interface DropZoneProps {
  /** The open conversation, over which files may be dropped. */
  pane: HTMLElement
  /** Of a file. */
  maxBytes: number
  onFiles: (files: File[]) => void
}

/** Mounted when files are first dragged over the page: shows where they may be dropped, and takes them. */
export function DropZone({ pane, maxBytes, onFiles }: DropZoneProps) {
  const t = useFileTexts()
  const { i18n } = useTranslation()
  const [isOver, setIsOver] = useState(true)
  const take = useEffectEvent(onFiles)
  // Each element under the pointer is entered before the last one is left.
  const depth = useRef(1)
  useEffect(() => {
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      depth.current += 1
      setIsOver(true)
    }
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return
      depth.current = event.relatedTarget === null ? 0 : depth.current - 1
      if (depth.current <= 0) setIsOver(false)
    }
    const over = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
    }
    const drop = (event: DragEvent) => {
      depth.current = 0
      setIsOver(false)
      if (!hasFiles(event)) return
      event.preventDefault()
      const files = Array.from(event.dataTransfer?.files ?? [])
      if (files.length > 0) take(files)
    }
    const events = { dragenter: enter, dragleave: leave, dragover: over, drop } as const
    const entries = Object.entries(events) as [keyof typeof events, (event: DragEvent) => void][]
    for (const [name, listener] of entries) pane.addEventListener(name, listener)
    // Beside it, a browser would open the file in place of the page.
    const keepPage = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault()
    }
    window.addEventListener('dragover', keepPage)
    window.addEventListener('drop', keepPage)
    return () => {
      window.removeEventListener('dragover', keepPage)
      window.removeEventListener('drop', keepPage)
      for (const [name, listener] of entries) pane.removeEventListener(name, listener)
    }
  }, [pane])
  if (!isOver) return null
  return createPortal(
    <div className="drop-zone" aria-hidden="true">
      <Paperclip size={32} />
      <strong>{t('drop')}</strong>
      <span>{t('dropHint', { count: maxAttachments, size: sizeText(i18n.language, maxBytes) })}</span>
    </div>,
    pane,
  )
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false
}
