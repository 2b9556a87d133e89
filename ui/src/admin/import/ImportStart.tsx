import './import.css'
import { useState } from 'react'
import { useAdminTexts } from '../../i18n/admin/texts'
import type { Id } from '../../protocol/resources'
import { AdminProblem } from '../AdminProblem'
import { ChosenFiles } from './ChosenFiles'
import { DropZone } from './DropZone'
import { EarlierImports } from './EarlierImports'
import { PasteTable } from './PasteTable'
import type { Reading } from './useReading'

interface ImportStartProps {
  establishmentId: Id
  files: File[]
  onFiles: (files: File[]) => void
  reading: Reading
}

/** Files, dropped, chosen or pasted, and the imports before. */
export function ImportStart({ establishmentId, files, onFiles, reading }: ImportStartProps) {
  const t = useAdminTexts()
  const [pasted, setPasted] = useState(1)
  const { state, read, cancel } = reading
  const isReading = state.status === 'reading'
  // A file of the same name is a corrected version.
  const add = (added: File[]) => {
    onFiles([...files.filter(({ name }) => !added.some((file) => file.name === name)), ...added])
  }
  return (
    <>
      <header className="admin-title">
        <h1>{t('import.title')}</h1>
        <p>{t('import.intro')}</p>
      </header>
      <section className="panel" aria-label={t('import.files')} aria-busy={isReading}>
        <DropZone isDisabled={isReading} onFiles={add} />
        <PasteTable
          onTable={(text) => {
            setPasted(pasted + 1)
            add([new File([text], t('import.pasted', { number: pasted }), { type: 'text/tab-separated-values' })])
          }}
        />
        <ChosenFiles
          files={files}
          isDisabled={isReading}
          onRemove={(file) => {
            onFiles(files.filter((one) => one !== file))
          }}
        />
        {state.status === 'refused' && <AdminProblem error={state.error} />}
        {files.length > 0 && (
          <div className="panel-actions">
            {isReading && (
              <button type="button" className="button" onClick={cancel}>
                {t('import.cancel')}
              </button>
            )}
            <button
              type="button"
              className="button is-primary"
              disabled={isReading}
              onClick={() => {
                read(files)
              }}
            >
              {t('import.read')}
            </button>
          </div>
        )}
        <p role="status" className="panel-status">
          {isReading && t('import.reading')}
        </p>
      </section>
      <EarlierImports establishmentId={establishmentId} />
    </>
  )
}
