import './files.css'
import { TriangleAlert, X } from 'lucide-react'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { Language } from '../../i18n/i18n'
import { useFileTexts } from '../../i18n/files/texts'
import { useTranslation } from '../../i18n/useTranslation'
import type { FileLimits } from '../../protocol/files'
import type { Id } from '../../protocol/resources'
import type { OutgoingFile } from '../state/chatState'
import { chooseFiles } from './chooseFiles'
import { draftWith, filesIn } from '../state/draftFiles'
import { FileName } from './FileCard'
import { FileIcon } from './FileIcon'
import { forgetFiles } from './fileStore'
import { kindOf, sizeText } from './kinds'
import { usePicture } from './pictures'
import { firstFrame, localPicture } from './shownFile'

export interface ChosenFilesProps {
  userId: Id
  /** The draft of the files: draftFiles.ts. */
  draft: string
  onDraft: (draft: string) => void
  limits: FileLimits
  /** Files that were just chosen, pasted or dropped. */
  added: readonly File[]
  /** They are in the draft now, or were refused. */
  onTaken: () => void
}

/** Above the field: the files that go with the message, and why others don't. */
export function ChosenFiles({ userId, draft, onDraft, limits, added, onTaken }: ChosenFilesProps) {
  const t = useFileTexts()
  const { i18n } = useTranslation()
  const files = useMemo(() => filesIn(draft), [draft])
  const [problems, setProblems] = useState<string[]>([])
  const choose = useEffectEvent(() => chooseFiles({ userId, added, already: files.length, limits, language: i18n.language as Language }))
  const take = useEffectEvent(({ chosen, refused }: Awaited<ReturnType<typeof chooseFiles>>) => {
    setProblems(refused)
    onDraft(draftWith([...files, ...chosen]))
    onTaken()
  })
  useEffect(() => {
    if (added.length === 0) return
    let isOver = false
    void choose().then((result) => {
      if (!isOver) take(result)
    })
    return () => {
      isOver = true
    }
  }, [added])
  const remove = (key: string) => {
    onDraft(draftWith(files.filter((file) => file.key !== key)))
    void forgetFiles(userId, [key])
  }
  return (
    <div className="chosen">
      {problems.length > 0 && (
        <div className="chosen-problem" role="alert">
          <TriangleAlert size={18} aria-hidden="true" />
          <span>
            {problems.map((problem) => (
              <span key={problem} dir="auto">{problem}</span>
            ))}
          </span>
          <button type="button" className="icon-button is-small" aria-label={t('close')} title={t('close')} onClick={() => { setProblems([]) }}>
            <X size={16} aria-hidden="true" />
          </button>
        </div>
      )}
      {added.length > 0 && <p className="chosen-note" role="status">{t('preparing')}</p>}
      {files.length > 0 && (
        <ul className="chosen-list" aria-label={t('chosen')}>
          {files.map((file) => (
            <Chosen key={file.key} userId={userId} file={file} onRemove={remove} />
          ))}
        </ul>
      )}
    </div>
  )
}

function Chosen({ userId, file, onRemove }: { userId: Id; file: OutgoingFile; onRemove: (key: string) => void }) {
  const t = useFileTexts()
  const { i18n } = useTranslation()
  const kind = kindOf(file)
  const hasPreview = kind === 'picture' || kind === 'video'
  return (
    <li className={`chosen-file${hasPreview ? ' is-picture' : ''}`} title={file.name}>
      {hasPreview ? <Preview userId={userId} file={file} isFilm={kind === 'video'} /> : <FileIcon type={file.type} />}
      <span className="file-body">
        <FileName name={file.name} />
        <span className="file-details">{sizeText(i18n.language, file.size)}</span>
      </span>
      <button
        type="button"
        className="chosen-remove"
        aria-label={t('remove', { name: file.name })}
        title={t('remove', { name: file.name })}
        onClick={() => {
          onRemove(file.key)
        }}
      >
        <X size={14} aria-hidden="true" />
      </button>
    </li>
  )
}

/** A picture, or how a film begins, if the browser plays it. */
function Preview({ userId, file, isFilm }: { userId: Id; file: OutgoingFile; isFilm: boolean }) {
  const url = usePicture(localPicture(userId, file.key))
  const [isUnplayable, setIsUnplayable] = useState(false)
  if (isUnplayable) return <FileIcon type={file.type} />
  if (!url) return null
  if (!isFilm) return <img src={url} alt="" decoding="async" draggable={false} />
  return <video src={url + firstFrame} muted playsInline preload="metadata" tabIndex={-1} aria-hidden="true" onError={() => { setIsUnplayable(true) }} />
}
