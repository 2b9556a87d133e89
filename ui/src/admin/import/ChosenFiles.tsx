import { FileText, X } from 'lucide-react'
import { useAdminTexts } from '../../i18n/admin/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { numberText } from '../numbers'

interface ChosenFilesProps {
  files: File[]
  isDisabled: boolean
  onRemove: (file: File) => void
}

export function ChosenFiles({ files, isDisabled, onRemove }: ChosenFilesProps) {
  const t = useAdminTexts()
  const { language } = useTranslation().i18n
  if (files.length === 0) return null
  return (
    <ul className="files" aria-label={t('import.files')}>
      {files.map((file) => (
        <li key={file.name}>
          <FileText size={18} aria-hidden="true" />
          <bdi className="files-name">{file.name}</bdi>
          <span className="files-size">{t('import.size', { size: numberText(language, Math.max(1, Math.round(file.size / 1000))) })}</span>
          <button
            type="button"
            className="icon-button is-small"
            disabled={isDisabled}
            aria-label={t('import.remove', { name: file.name })}
            onClick={() => {
              onRemove(file)
            }}
          >
            <X size={16} aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  )
}
