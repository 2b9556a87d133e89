import type { ReactNode } from 'react'
import { fullName } from '../../i18n/personName'
import { useTranslation } from '../../i18n/useTranslation'
import { errorText } from '../../i18n/errorText'
import { Avatar } from '../../parts/Avatar'
import { PersonDescription } from '../../parts/PersonDetail'
import type { User } from '../../protocol/resources'
import type { ContactSearch } from '../state/useContactSearch'

export interface ContactResultsProps {
  query: string
  contacts: ContactSearch
  hasConversations: boolean
  /** Older conversations are still being searched. */
  hasMore: boolean
  onChoose: (person: User) => void
  /** Opens the directory, for who doesn't know the name. */
  onBrowse: () => void
  /** Who isn't found, and why. */
  nobodyNote?: ReactNode
}

/** The people found by a search, below the matching conversations. */
export function ContactResults({ query, contacts, hasConversations, hasMore, onChoose, onBrowse, nobodyNote }: ContactResultsProps) {
  const { t } = useTranslation()
  const people = contacts.status === 'found' ? contacts.people : []
  const isEmpty = contacts.status === 'found' && people.length === 0 && !hasConversations && !hasMore
  return (
    <section aria-label={t('list.contacts')} className="contacts">
      {people.length > 0 && <h2 className="list-heading">{t('list.contacts')}</h2>}
      <ul>
        {people.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              className="conversation is-contact"
              onClick={() => {
                onChoose(person)
              }}
            >
              <Avatar id={person.id} name={fullName(person)} />
              <span className="conversation-body">
                <span className="conversation-name" dir="auto">{fullName(person)}</span>
                <span className="conversation-role">
                  <PersonDescription person={person} />
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className="list-note" role="status" aria-label={t('create.results')}>
        {(contacts.status === 'searching' || (hasMore && contacts.status === 'found' && people.length === 0)) && t('list.searching')}
        {contacts.status === 'failed' && errorText(t, contacts.code)}
        {isEmpty && t('list.noMatch', { query })}
        {people.length > 0 && <span className="visually-hidden">{t('create.count', { count: people.length })}</span>}
      </p>
      {isEmpty && nobodyNote}
      {isEmpty && (
        <button type="button" className="text-button list-more" onClick={onBrowse}>
          {t('list.browse')}
        </button>
      )}
    </section>
  )
}
