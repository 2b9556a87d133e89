import { useId, useState } from 'react'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import type { ClassSummary, Role } from '../../protocol/resources'

addLaterTexts()

interface ClassLinesProps {
  of: ClassSummary
  /** Whether the user may create a group of its people. */
  mayGather: boolean
  onOpen: (role: Role) => void
  onGroup: (of: ClassSummary, audience: Role[]) => void
}

/** Who is in a class, by role; each can be opened, or be part of a group that follows the class. */
export function ClassLines({ of, mayGather, onOpen, onGroup }: ClassLinesProps) {
  const { t } = useTranslation()
  const note = useId()
  const [audience, setAudience] = useState<Role[]>([])
  const all: { role: Role; count: number; text: string }[] = [
    { role: 'student', count: of.students, text: t('directory.students', { count: of.students }) },
    { role: 'parent', count: of.guardians, text: t('directory.parents', { count: of.guardians }) },
    { role: 'teacher', count: of.teachers, text: t('directory.teachers', { count: of.teachers }) },
  ]
  const lines = all.filter(({ count }) => count > 0)
  if (lines.length === 0) return <p className="directory-note">{t('directory.nobody')}</p>
  return (
    <>
      <ul>
        {lines.map(({ role, text }) => (
          <li key={role} className="directory-choice">
            {mayGather && (
              // As large as a finger.
              <label className="directory-tick">
                <input
                  type="checkbox"
                  aria-label={t('directory.inClass', { role: t(`directory.role.${role}`), name: of.name })}
                  aria-describedby={note}
                  checked={audience.includes(role)}
                  onChange={({ target }) => {
                    setAudience(lines.map((line) => line.role).filter((one) => (one === role ? target.checked : audience.includes(one))))
                  }}
                />
              </label>
            )}
            <button type="button" className="directory-line" data-line={`role.${role}`} onClick={() => { onOpen(role) }}>
              <strong>{t(`directory.role.${role}`)}</strong>
              <span>{text}</span>
            </button>
          </li>
        ))}
      </ul>
      {mayGather && (
        <div className="directory-gather">
          <p id={note}>{t(audience.length > 0 ? 'directory.follows' : 'directory.choose')}</p>
          <button type="button" className="button is-primary" disabled={audience.length === 0} onClick={() => { onGroup(of, audience) }}>
            {t('directory.startGroup')}
          </button>
        </div>
      )}
    </>
  )
}
