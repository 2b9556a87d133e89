import { MessageSquare } from 'lucide-react'
import { useRef } from 'react'
import { addLaterTexts } from '../../i18n/later'
import { fullName } from '../../i18n/personName'
import { useTranslation } from '../../i18n/useTranslation'
import { Modal } from '../../parts/Modal'
import type { Id, User } from '../../protocol/resources'
import { PersonFacts } from './PersonFacts'
import { PersonHead } from './PersonHead'
import { useMayBegin } from './useMayBegin'
import type { SharedGroup } from './sharedGroups'

addLaterTexts()

export interface PersonPanelProps {
  person: User
  /** Where they may know each other from. */
  establishmentIds: readonly Id[]
  /** There is a conversation with them, which can be opened even if it can't be written to. */
  isKnown: boolean
  /** The groups that the user shares with them. */
  shared: readonly SharedGroup[]
  onGroup: (id: Id) => void
  /** Absent for the user, and where it is open already. */
  onWrite?: () => void
  onClose: () => void
}

/** Who somebody is: role, classes, children, and what the user shares with them. */
export function PersonPanel({ person, establishmentIds, isKnown, shared, onGroup, onWrite, onClose }: PersonPanelProps) {
  const { t } = useTranslation()
  const isLeft = useRef(false)
  const mayBegin = useMayBegin(person, establishmentIds, onWrite !== undefined && !isKnown)
  return (
    <Modal title={fullName(person)} isSheet lastFocus={() => !isLeft.current} onClose={onClose}>
      <div className="details">
        <PersonHead person={person} isNamed />
        {onWrite && mayBegin === 'no' && <p className="details-managed">{t('cannotWrite.person')}</p>}
        {onWrite && mayBegin !== 'no' && (
          <button
            type="button"
            className="button"
            disabled={mayBegin === 'asking'}
            onClick={() => {
              isLeft.current = true
              onWrite()
            }}
          >
            <MessageSquare size={16} aria-hidden="true" />
            {t('personPanel.write')}
          </button>
        )}
        <PersonFacts
          person={person}
          shared={shared}
          onGroup={(id) => {
            isLeft.current = true
            onGroup(id)
          }}
        />
      </div>
    </Modal>
  )
}
