import { use, useEffect, useRef, useState } from 'react'
import { attachmentUrl } from '../../actions/attachmentAction'
import { useFileTexts } from '../../i18n/files/texts'
import type { Attachment } from '../../protocol/resources'
import { RowTabIndex } from '../messages/useRowFocus'
import { FileCard } from './FileCard'
import { usePicture } from './pictures'
import { firstFrame, type ShownFile } from './shownFile'
import { pauseForFilm } from './sounds'

/** A video with the browser's own controls, above its card. */
export function Film({ file, stored }: { file: ShownFile; stored: Attachment }) {
  const t = useFileTexts()
  const tabIndex = use(RowTabIndex)
  const address = useAddress(stored)
  const { name, width, height } = file
  const ratio = width && height ? width / height : 16 / 9
  return (
    <div className="player">
      {/* eslint-disable-next-line jsx-a11y/media-has-caption -- people's own recordings have none */}
      <video
        {...address}
        controls
        playsInline
        preload="metadata"
        tabIndex={tabIndex}
        aria-label={t('video', { name })}
        style={{ aspectRatio: Math.min(2, Math.max(0.75, ratio)) }}
        onPlay={({ currentTarget }) => {
          pauseForFilm(currentTarget)
        }}
      >
        {stored.has_thumbnail && <Poster file={file} />}
      </video>
      <FileCard file={file} />
    </div>
  )
}

/** Sets the poster of the video that it is in: only where there is one, it is fetched. */
function Poster({ file }: { file: ShownFile }) {
  const url = usePicture(file.small)
  const place = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const video = place.current?.parentElement
    if (url && video instanceof HTMLVideoElement) video.poster = url
  }, [url])
  return <span ref={place} hidden />
}

/** The address has a token that runs out: after an error it is asked for again, once, and playing goes on where it was. */
function useAddress({ id }: Attachment) {
  const [src, setSrc] = useState<string>()
  const left = useRef<{ at: number; isPlaying: boolean } | null>(null)
  useEffect(() => {
    let isOver = false
    attachmentUrl(id).then(
      (url) => {
        if (!isOver) setSrc(url)
      },
      () => undefined,
    )
    return () => {
      isOver = true
    }
  }, [id])
  return {
    src: src && src + firstFrame,
    onError: ({ currentTarget: element }: { currentTarget: HTMLMediaElement }) => {
      if (left.current) return
      left.current = { at: element.currentTime, isPlaying: !element.paused }
      attachmentUrl(id, true).then(setSrc, () => undefined)
    },
    onLoadedMetadata: ({ currentTarget: element }: { currentTarget: HTMLMediaElement }) => {
      const before = left.current
      left.current = null
      if (!before) return
      element.currentTime = before.at
      if (before.isPlaying) void element.play()
    },
  }
}
