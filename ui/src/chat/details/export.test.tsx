import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { saveFile } from '../../lib/saveFile'
import { aConversation, aMessage, claire, elodie, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { openGroup } from '../../testing/openChat'
import { settled } from '../../testing/settled'
import { exportName, exportPage } from './exportPage'

jest.mock('../../lib/saveFile', () => ({ saveFile: jest.fn() }))

const group = aConversation({ participants: [claire, jerome, { ...elodie, first_name: '<b>Élodie</b>' }], title: 'Sortie' })
const pageOf = (html: string) => new DOMParser().parseFromString(html, 'text/html')
const file = { id: 5, name: 'circulaire "A".pdf', size: 12, type: 'application/pdf' }

describe('the exported page', () => {
  const attack = '<script>alert(1)</script><img src=x onerror="alert(1)"> & \'x\'\nligne 2'
  const messages = [
    aMessage(1, { content: attack, timestamp: '2026-08-31T08:00:00.000Z', sender_id: elodie.id }),
    aMessage(2, { content: 'Voici', reply_to: 1, attachments: [file], edited_at: '2026-09-01T09:00:00.000Z' }),
    aMessage(3, { content: '', deleted: true, reply_to: 99 }),
  ]
  const events = [
    { id: 2, kind: 'added', cause: '', actor: jerome, people: [elodie], count: 1, title: '', timestamp: '2026-09-01T08:30:00.000Z' },
  ]
  const html = exportPage({ conversation: group, messages, events }, 'Sortie & <fête>', 'fr', new Date('2026-09-02T10:00:00Z')).join('')
  const page = pageOf(html)

  test('says who was added, between the messages', () => {
    expect(page.querySelector('#m1 ~ .event')?.textContent).toMatch(/^Jérôme Lefèvre a ajouté Élodie Garçon \d\d:\d\d$/)
  })

  test('has every message as text, whatever it contains', () => {
    expect(page.querySelectorAll('script, img, a, link, b')).toHaveLength(0)
    expect([...page.querySelectorAll('p.text')].map((one) => one.textContent)).toEqual([attack, 'Voici', 'Message supprimé'])
    expect(page.title).toBe('Conversation : Sortie & <fête>')
    expect(page.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'")
  })

  test('has its days, names, files by name, replies and edits', () => {
    expect([...page.querySelectorAll('h2')].map((one) => one.textContent)).toEqual(['lundi 31 août 2026', 'mardi 1er septembre 2026'])
    expect([...page.querySelectorAll('h3 bdi')].map((one) => one.textContent)).toEqual(['<b>Élodie</b> Garçon', 'Jérôme Lefèvre', 'Jérôme Lefèvre'])
    expect(page.querySelector('li')?.textContent).toBe('Fichier joint : circulaire "A".pdf')
    expect([...page.querySelectorAll('blockquote')].map((one) => one.textContent?.slice(0, 60))).toEqual([
      'En réponse à <b>Élodie</b> Garçon : <script>alert(1)</script', 'En réponse à un message qui n’est plus disponible',
    ])
    expect(page.querySelectorAll('time')[1]?.textContent).toMatch(/ · modifié$/)
    expect(page.querySelector('header')?.textContent).toContain('3 messages')
  })

  test.each([attack, '"><svg onload="alert(1)">', "' autofocus onfocus='alert(1)", '\u202etxt.exe', '</title></style><script>alert(1)</script>', '=1+1', `${'<b>'.repeat(3000)}&`])(
    'has %.30s as text wherever it comes from',
    (hostile) => {
      const person = { ...claire, first_name: hostile, last_name: hostile }
      const conversation = aConversation({ participants: [person, jerome], title: hostile })
      const messages = [
        aMessage(1, { content: hostile, sender_id: person.id, attachments: [{ ...file, name: hostile }] }),
        aMessage(2, { content: 'Oui', sender_id: person.id, reply_to: 1 }),
      ]
      const renamedBy = (actor: typeof claire, title: string) =>
        [{ id: 1, kind: 'renamed', cause: '', actor, people: [], count: 0, title, timestamp: '2026-09-01T08:30:00.000Z' }]
      const hostilePage = pageOf(exportPage({ conversation, messages, events: renamedBy(person, hostile) }, hostile, 'fr').join(''))
      const plain = pageOf(exportPage({
        conversation: aConversation({ participants: [claire, jerome] }),
        messages: [aMessage(1, { attachments: [file] }), aMessage(2, { reply_to: 1 })],
        events: renamedBy(claire, 'Sortie'),
      }, 'Sortie', 'fr').join(''))
      const shape = (page: Document) => [...page.querySelectorAll('*')].map((element) => [element.tagName, ...element.getAttributeNames()].join(' '))
      expect(shape(hostilePage)).toEqual(shape(plain))
      expect(hostilePage.querySelector('title')?.textContent).toContain(hostile.replace('\u202e', ''))
      expect(hostilePage.querySelector('p.text')?.textContent).toBe(hostile.replace('\u202e', ''))
      expect(hostilePage.documentElement.textContent).not.toContain('\u202e')
    },
  )

  test('is in the language of the screen, in its direction', () => {
    const arabic = pageOf(exportPage({ conversation: group, messages: [], events: [] }, 'Sortie', 'ar').join(''))
    expect(arabic.documentElement.getAttribute('dir')).toBe('rtl')
    expect(arabic.querySelector('header')?.textContent).toContain('لا توجد رسائل.')
  })

  test('has a name that every device takes', () => {
    expect(exportName('5e B : « sortie » / 2026', new Date(2026, 8, 2))).toBe('conversation-5e-B-sortie-2026-2026-09-02.html')
  })
})

const saved = jest.mocked(saveFile)

async function press() {
  await userEvent.click(screen.getByRole('button', { name: 'Détails de la conversation' }))
  await settled()
  await userEvent.click(await screen.findByRole('button', { name: 'Exporter la conversation' }))
  await settled()
}

test('the details export all pages of a conversation, oldest first', async () => {
  saved.mockClear()
  await openGroup([aMessage(43)])
  mockFetch.on('GET', /\/messages\/7\/$/, ({ url }) =>
    url.searchParams.get('before') === '42' ? { body: [aMessage(40), aMessage(41)] } : { body: [aMessage(42), aMessage(43)], headers: { Link: '<?before=42&limit=200>; rel="next"' } },
  )
  await press()
  expect(await screen.findByText('La conversation a été exportée.')).toBeVisible()
  const [parts, type, name] = saved.mock.calls[0] ?? []
  expect([type, name]).toEqual(['text/html;charset=utf-8', expect.stringMatching(/^conversation-Sortie-\d{4}-\d\d-\d\d\.html$/)])
  expect([...pageOf(parts?.join('') ?? '').querySelectorAll('p.text')].map((one) => one.textContent)).toEqual(['Message 40', 'Message 41', 'Message 42', 'Message 43'])
})

test('a part of a conversation isn’t exported: the reason is said', async () => {
  saved.mockClear()
  await openGroup([aMessage(43)])
  mockFetch.on('GET', /\/messages\/7\/$/, ({ url }) =>
    url.searchParams.has('before') ? { status: 503, body: { status: 503, code: 'unavailable', message: '', data: {} } } : { body: [aMessage(43)], headers: { Link: '<?before=43>; rel="next"' } },
  )
  await press()
  expect(within(screen.getByRole('dialog')).getByRole('alert')).toHaveTextContent('La conversation n’a pas pu être exportée : Le serveur redémarre.')
  expect(saved).not.toHaveBeenCalled()
})
