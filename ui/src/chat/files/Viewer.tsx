import './viewer.css'
import { Download } from 'lucide-react'
import { useState } from 'react'
import Lightbox, { ImageSlide, type RenderSlideProps, type SlideImage } from 'yet-another-react-lightbox'
import Zoom from 'yet-another-react-lightbox/plugins/zoom'
import { useFileTexts } from '../../i18n/files/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { useCover } from '../../lib/cover'
import { useLayer } from '../../lib/layers'
import { knownUrl, urlOf, usePicture } from './pictures'
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
export function Viewer({ pictures: given, index, onClose }: ViewerProps) {
  const t = useFileTexts()
  const { t: common } = useTranslation()
  const [pictures] = useState(given)
  // These stay as they were at first: whenever its slides or its index change, the lightbox goes to that index, and a step made
  // at the same moment would be lost.
  const [start] = useState(() => ({ index, slides: given.map(({ width, height }): SlideImage => ({ src: blank, width, height })) }))
  const [current, setCurrent] = useState(index)
  useLayer(onClose)
  useCover()
  const shown = pictures[current]
  return (
    <Lightbox
      open
      className="viewer"
      {...start}
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
        slide: (props) => {
          const place = start.slides.indexOf(props.slide as SlideImage)
          const picture = pictures[place]
          return picture && <WholePicture picture={picture} alt={t('position', { index: place + 1, count: pictures.length, name: picture.name })} {...props} />
        },
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

/** The small one until the whole one is there; only what is shown and its neighbours are rendered, and loaded. */
function WholePicture({ picture, alt, slide, offset, rect }: { picture: ShownFile; alt: string } & RenderSlideProps) {
  const src = usePicture(picture.whole) ?? knownUrl(picture.small.key) ?? blank
  return <ImageSlide slide={{ ...(slide as SlideImage), src, alt }} offset={offset} rect={rect} />
}
