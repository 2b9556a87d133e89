import { ImageOff } from 'lucide-react'
import { type CSSProperties, use, useState } from 'react'
import { useFileTexts } from '../../i18n/files/texts'
import { lazily } from '../../lib/lazily'
import { RowTabIndex } from '../messages/useRowFocus'
import { usePicture } from './pictures'
import type { ShownFile } from './shownFile'
import { UploadMark } from './UploadMark'

/** Loaded when a picture is opened. */
const Viewer = lazily(() => import('./Viewer').then((module) => module.Viewer))

/** The rest is behind a number on the last one. */
const mostShown = 4
/** Of a single picture, in pixels. */
const box = { width: 320, height: 340, leastWidth: 200, leastHeight: 100 }

interface PictureGridProps {
  pictures: readonly ShownFile[]
  onRemove: ((key: string) => void) | undefined
}

export function PictureGrid({ pictures, onRemove }: PictureGridProps) {
  const [opened, setOpened] = useState<number | null>(null)
  // What is being sent has its own mark on each.
  const shown = onRemove ? pictures : pictures.slice(0, mostShown)
  const [first] = pictures
  return (
    <>
      <ul className="pictures" data-count={Math.min(shown.length, mostShown)} style={first && pictures.length === 1 ? singleSize(first) : undefined}>
        {shown.map((picture, index) => (
          <li key={picture.key}>
            <Picture
              picture={picture}
              more={index === shown.length - 1 ? pictures.length - shown.length : 0}
              onOpen={() => {
                setOpened(index)
              }}
            />
            {picture.outgoing && <UploadMark file={picture.outgoing} onRemove={onRemove} />}
          </li>
        ))}
      </ul>
      {opened !== null && (
        <Viewer
          pictures={pictures}
          index={opened}
          onClose={() => {
            setOpened(null)
          }}
        />
      )}
    </>
  )
}

function Picture({ picture, more, onOpen }: { picture: ShownFile; more: number; onOpen: () => void }) {
  const t = useFileTexts()
  const url = usePicture(picture.small)
  return (
    <button
      type="button"
      className="picture"
      tabIndex={use(RowTabIndex)}
      aria-label={more > 0 ? t('morePictures', { count: more + 1 }) : t('picture', { name: picture.name })}
      title={picture.name}
      onClick={onOpen}
    >
      {url === null && (
        <span className="picture-absent" title={t('unavailable')}>
          <ImageOff size={24} aria-hidden="true" />
        </span>
      )}
      {url && <img src={url} alt="" width={picture.width} height={picture.height} decoding="async" draggable={false} />}
      {more > 0 && (
        <span className="picture-more" aria-hidden="true">
          +{more + 1}
        </span>
      )}
    </button>
  )
}

/** As large as it is within the box, neither a line nor a dot: very long ones are cut. */
function singleSize({ width, height }: ShownFile): CSSProperties {
  const scale = Math.min(1, box.width / width, box.height / height)
  const shownWidth = Math.max(box.leastWidth, Math.round(width * scale))
  const shownHeight = Math.max(box.leastHeight, Math.round(height * scale))
  return { width: shownWidth, aspectRatio: `${shownWidth} / ${shownHeight}` }
}
