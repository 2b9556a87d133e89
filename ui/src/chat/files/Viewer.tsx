import './viewer.css'
import { Download } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import Lightbox, { type SlideImage } from 'yet-another-react-lightbox'
import Zoom from 'yet-another-react-lightbox/plugins/zoom'
import { useFileTexts } from '../../i18n/files/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { useCover } from '../../lib/cover'
import { useLayer } from '../../lib/layers'
import { knownUrl, urlOf } from './pictures'
import type { ShownFile } from './shownFile'
import { save } from './useDownload'

/** Nothing, until there is a picture. */
const blank = 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg"/%3E'

export interface ViewerProps {
  pictures: readonly ShownFile[]
  index: number
  onClose: () => void
}

/** The pictures of a message on the whole screen: zoom, keys, swiping; going back closes it. */
export function Viewer({ pictures, index, onClose }: ViewerProps) {
  const t = useFileTexts()
  const { t: common } = useTranslation()
  const [current, setCurrent] = useState(index)
  const urls = useWholePictures(pictures, current)
  useLayer(onClose)
  useCover()
  const slides = useMemo(
    () =>
      pictures.map((picture, place): SlideImage => ({
        src: urls[picture.whole.key] ?? knownUrl(picture.small.key) ?? blank,
        alt: t('position', { index: place + 1, count: pictures.length, name: picture.name }),
        width: picture.width,
        height: picture.height,
      })),
    [pictures, urls, t],
  )
  const shown = pictures[current]
  return (
    <Lightbox
      open
      className="viewer"
      index={current}
      slides={slides}
      plugins={[Zoom]}
      close={onClose}
      on={{ view: ({ index: next }) => { setCurrent(next) } }}
      portal={{ root: document.querySelector<HTMLElement>('.messagerie') }}
      carousel={{ finite: true, padding: 0, preload: 1 }}
      controller={{ closeOnPullDown: true, closeOnBackdropClick: true }}
      animation={{ fade: 150, swipe: 250 }}
      zoom={{ maxZoomPixelRatio: 3, scrollToZoom: true }}
      labels={{
        Lightbox: t('viewer'),
        'Photo gallery': t('viewer'),
        Close: common('create.close'),
        Previous: t('previous'),
        Next: t('next'),
        'Zoom in': t('zoomIn'),
        'Zoom out': t('zoomOut'),
        Slide: t('kind.picture'),
      }}
      toolbar={{
        buttons: [
          <button
            key="save"
            type="button"
            className="yarl__button"
            aria-label={t('save')}
            title={t('save')}
            onClick={() => {
              if (shown) urlOf(shown.whole).then((url) => { save(url, shown.name) }, () => undefined)
            }}
          >
            <Download size={26} aria-hidden="true" />
          </button>,
          'zoom',
          'close',
        ],
      }}
      render={{
        ...(pictures.length === 1 ? { buttonPrev: () => null, buttonNext: () => null } : {}),
        controls: () => (
          <p className="viewer-name" dir="auto">
            {shown?.name}
            {pictures.length > 1 && <bdi>{` ${current + 1} / ${pictures.length}`}</bdi>}
          </p>
        ),
      }}
    />
  )
}

/** The addresses of those that were looked at, and of their neighbours. */
function useWholePictures(pictures: readonly ShownFile[], current: number): Record<string, string> {
  const [urls, setUrls] = useState<Record<string, string>>({})
  const near = useMemo(() => pictures.slice(Math.max(0, current - 1), current + 2), [pictures, current])
  useEffect(() => {
    let isOver = false
    for (const { whole } of near) {
      urlOf(whole).then(
        (url) => {
          if (!isOver) setUrls((known) => ({ ...known, [whole.key]: url }))
        },
        () => undefined,
      )
    }
    return () => {
      isOver = true
    }
  }, [near])
  return urls
}
