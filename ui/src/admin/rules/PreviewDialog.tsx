import { useRef } from 'react'
import { useRulesTexts } from '../../i18n/rules/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { Modal } from '../../parts/Modal'
import type { PairCount, RulesPreview } from '../../protocol/rules'
import { listText } from '../numbers'

interface PreviewDialogProps {
  preview: RulesPreview
  onSave: () => void
  onClose: () => void
}

/** What a change of the rules would close and open, before it is saved. */
export function PreviewDialog({ preview, onSave, onClose }: PreviewDialogProps) {
  const t = useRulesTexts()
  const cancel = useRef<HTMLButtonElement>(null)
  const { closed, opened } = preview
  return (
    <Modal title={t('previewTitle')} firstFocus={cancel} onClose={onClose}>
      <div className="confirm">
        {closed.length + opened.length === 0 && <p>{t('previewNothing')}</p>}
        <Counts title={t('closes')} counts={closed} />
        <Counts title={t('opens')} counts={opened} />
        {closed.length > 0 && <p>{t('previewKept')}</p>}
      </div>
      <footer className="modal-footer">
        <button ref={cancel} type="button" className="button" onClick={onClose}>
          {t('cancel')}
        </button>
        <button type="button" className="button is-primary" onClick={onSave}>
          {t('save')}
        </button>
      </footer>
    </Modal>
  )
}

function Counts({ title, counts }: { title: string; counts: PairCount[] }) {
  const t = useRulesTexts()
  const { language } = useTranslation().i18n
  if (counts.length === 0) return null
  return (
    <div>
      <p>
        <strong>{title}</strong>
      </p>
      <ul className="preview-counts" aria-label={title}>
        {counts.map(({ from_role: from, to_role: to, direct, groups }) => (
          <li key={`${from} ${to}`}>
            {t('pairCount', {
              from: t(`role.${from}`),
              to: t(`among.${to}`),
              counts: listText(language, [...(direct > 0 ? [t('direct', { count: direct })] : []), ...(groups > 0 ? [t('groups', { count: groups })] : [])]),
            })}
          </li>
        ))}
      </ul>
    </div>
  )
}
