import { render, screen } from '@testing-library/react'
import '../../i18n/i18n'
import { Avatar } from '../../parts/Avatar'
import { aConversation, aMessage, claire, elodie, jerome } from '../../testing/factories'
import { conversationName, typingNames } from '../state/conversations'
import { ConversationItem } from './ConversationItem'

const nofirst = { ...jerome, first_name: '' }
const nobody = { ...elodie, first_name: '', last_name: '', email: '' }
const group = aConversation({ participants: [claire, nofirst, nobody], last_message: aMessage(1, { content: 'message de nofirst' }) })

test('in the list somebody without a first name is shown by the last name', () => {
  render(<ConversationItem conversation={group} userId={claire.id} isSelected={false} typing="" onSelect={() => undefined} />)
  expect(screen.getByRole('button')).toHaveTextContent('Lefèvre : message de nofirst')
})

test('a group, and people typing in it, are shown by the names that exist', () => {
  expect(conversationName(group, claire.id)).toBe('Lefèvre, Personne sans nom')
  const typists = [{ conversationId: 7, userId: nofirst.id, since: 0 }]
  expect(typingNames(typists, group)).toEqual(['Lefèvre'])
})

test('names of both directions are isolated from each other', () => {
  const people = [claire, { ...jerome, first_name: 'يوسف' }, elodie, { ...elodie, id: 4, first_name: 'فاطمة' }]
  expect(conversationName(aConversation({ participants: people }), claire.id)).toBe('\u2068يوسف\u2069, \u2068Élodie\u2069, \u2068فاطمة\u2069')
})

test.each([
  ['Claire Martin', 'CM'],
  ['Jean-Baptiste de la Salle', 'JS'],
  ['Martin', 'M'],
  ['👩‍🏫 Martin', '👩‍🏫M'],
  ['\u0301Élodie (Garçon)', 'ÉG'],
  ['فاطمة بن علي', 'فع'],
  ['…', '?'],
])('the initials of "%s" are "%s"', (name, initials) => {
  const { container } = render(<Avatar id={1} name={name} />)
  // There is a non-joiner between them.
  expect(container.textContent.replace('\u200c', '')).toBe(initials)
})
