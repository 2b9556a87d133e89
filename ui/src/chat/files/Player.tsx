import { use, useEffect, useRef, useState } from 'react'
import { attachmentUrl } from '../../actions/attachmentAction'
import { useFileTexts } from '../../i18n/files/texts'
import type { Attachment } from '../../protocol/resources'
import { RowTabIndex } from '../messages/useRowFocus'
import { FileCard } from './FileCard'
import { usePicture } from './pictures'
import type { ShownFile } from './shownFile'

/** A sound or a video with the browser's own controls, above its card. */
export function Player({ file, stored }: { file: ShownFile; stored: Attachment }) {
  const t = useFileTexts()
  const tabIndex = use(RowTabIndex)
  const player = useAddress(stored)
  const { name, width, height } = file
  return (
    <div className="player">
      {file.kind === 'sound' ? (
        // eslint-disable-next-line jsx-a11y/media-has-caption -- people's own recordings have none
        <audio {...player} controls preload="none" tabIndex={tabIndex} aria-label={t('sound', { name })} />
      ) : (
        <Video file={file} stored={stored} player={player} label={t('video', { name })} ratio={width && height ? width / height : 16 / 9} />
      )}
      <FileCard file={file} />
    </div>
  )
}

interface VideoProps {
  file: ShownFile
  stored: Attachment
  player: ReturnType<typeof useAddress>
  label: string
  ratio: number
}

function Video({ file, stored, player, label, ratio }: VideoProps) {
  const tabIndex = use(RowTabIndex)
  return (
    // eslint-disable-next-line jsx-a11y/media-has-caption -- as above
    <video {...player} controls playsInline preload="metadata" tabIndex={tabIndex} aria-label={label} style={{ aspectRatio: Math.min(2, Math.max(0.75, ratio)) }}>
      {stored.has_thumbnail && <Poster file={file} />}
    </video>
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
    src,
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
