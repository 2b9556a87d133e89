import { act, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { encode } from 'uqr'
import { App } from '../app/App'
import { aMe, mayNothing } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { aClass, anAccessCode, nadia, yasmine } from '../testing/rosterFactories'
import { settled } from '../testing/settled'

const codes = /\/access-codes\/123\/$/

beforeEach(() => {
  window.print = jest.fn()
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ role: 'admin', can: { ...mayNothing, administer: true } }) })
  mockFetch.on('GET', /\/school\/$/, { body: { name: 'Collège', logo: '/api/files/logo.svg' } })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  mockFetch.on('GET', /\/classes\/123\/$/, { body: [aClass({ id: 10, name: '10e A' }), aClass()] })
  mockFetch.on('GET', /\/search\/123\/$/, { body: [yasmine, nadia] })
  mockFetch.on('POST', codes, { body: [anAccessCode(yasmine), anAccessCode(nadia, { username: '' })] })
})

async function open() {
  localStorage.setItem('messagerie.token', 'a-token')
  window.history.replaceState(null, '', '/admin/letters')
  render(<App />)
  await screen.findByRole('heading', { level: 1, name: 'Lettres d’accès' })
  await settled()
}

async function prepare() {
  await userEvent.click(screen.getByRole('button', { name: 'Préparer les lettres…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Préparer de nouvelles lettres ?' })
  expect(dialog).toHaveTextContent('Les lettres imprimées plus tôt pour elles ne fonctionneront plus')
  await userEvent.click(within(dialog).getByRole('button', { name: 'Créer les codes' }))
  await screen.findByRole('heading', { level: 1, name: /prêtes?$/ })
}

async function prepareForClass() {
  await open()
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Classe' }), '5e B (24 élèves)')
  await prepare()
}

const letterOf = (name: string) => screen.getByRole('article', { name })

test('a class: its people, or those who have one role in it', async () => {
  await open()
  await userEvent.click(screen.getByRole('button', { name: 'Préparer les lettres…' }))
  expect(screen.getByRole('alert')).toHaveTextContent('Choisissez une classe.')
  // In the order in which people count.
  expect(within(screen.getByRole('combobox', { name: 'Classe' })).getAllByRole('option').map(({ textContent }) => textContent)).toEqual([
    'Choisir une classe',
    '5e B (24 élèves)',
    '10e A (24 élèves)',
  ])
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Classe' }), '5e B (24 élèves)')
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Fonction' }), 'Parent')
  await prepare()
  expect(mockFetch.requestsTo(codes)[0]?.body).toEqual({ class_id: 5, role: 'parent' })
})

test('a role in the whole school', async () => {
  await open()
  await userEvent.click(screen.getByRole('radio', { name: 'Tout l’établissement' }))
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Fonction' }), 'Personnel')
  await prepare()
  expect(mockFetch.requestsTo(codes)[0]?.body).toEqual({ role: 'staff' })
})

test('chosen people', async () => {
  await open()
  await userEvent.click(screen.getByRole('radio', { name: 'Des personnes choisies' }))
  await userEvent.click(screen.getByRole('button', { name: 'Préparer les lettres…' }))
  expect(screen.getByText('Choisissez au moins une personne.')).toBeVisible()
  await userEvent.type(screen.getByRole('searchbox', { name: 'Rechercher une personne' }), 'ben')
  await userEvent.click(await screen.findByRole('button', { name: 'Ajouter Nadia Benali' }))
  await userEvent.click(screen.getByRole('button', { name: 'Ajouter Yasmine Benali' }))
  await userEvent.click(screen.getByRole('button', { name: 'Retirer Yasmine Benali' }))
  await prepare()
  expect(mockFetch.requestsTo(codes)[0]?.body).toEqual({ users: [42] })
})

test('each letter says whose it is, how to log in and until when', async () => {
  await prepareForClass()
  const letter = letterOf('Yasmine Benali')
  expect(letter).toHaveTextContent('Élève de 5e B')
  expect(letter).toHaveTextContent('Identifiantyasmine.benaliCode d’accèsK7PM-29QX-HD4T')
  // The day in the school's time zone.
  expect(letter).toHaveTextContent('Ce code ne sert qu’une fois, jusqu’au 20 novembre 2026.')
  expect(letter).toHaveTextContent('Collège Jean-Moulin')
  await waitFor(() => expect(letter.querySelector('img')).toHaveAttribute('src', '/api/files/logo.svg'))
  expect(letterOf('Nadia Benali')).toHaveTextContent('Parent de Yasmine et Adam Benali (5e B, CM1)')
  // She has no username, and logs in with her address.
  expect(letterOf('Nadia Benali')).toHaveTextContent('Identifiantnadia@exemple.fr')
})

test.each(['<img src=x onerror="alert(1)">', '</article><script>alert(1)</script>', 'x'.repeat(10_000), '=HYPERLINK("http://evil.example")'])(
  'a letter has names as text, whatever they are: %.30s',
  async (hostile) => {
    const person = { ...yasmine, first_name: hostile, last_name: hostile, classes: [{ id: 5, name: hostile }] }
    // Neither of these two can be that long: it has to fit into the square.
    mockFetch.on('POST', codes, { body: [anAccessCode(person, { username: hostile.slice(0, 100), code: hostile.slice(0, 100) })] })
    await prepareForClass()
    const letter = screen.getByRole('article')
    expect(letter.textContent.split(hostile).length).toBeGreaterThan(3)
    const elements = new Set([...letter.querySelectorAll('*')].map((element) => element.tagName.toLowerCase()))
    for (const element of ['header', 'img', 'p', 'bdi', 'div', 'h2', 'dl', 'dt', 'dd', 'svg', 'path', 'rect', 'title', 'ol', 'li', 'strong', 'footer']) elements.delete(element)
    expect([...elements]).toEqual([])
    await waitFor(() => {
      expect([...letter.querySelectorAll('img')].map((image) => image.getAttribute('src'))).toEqual(['/api/files/logo.svg'])
    })
  },
)

test('the QR code is that of the welcome page, with the code after the hash', async () => {
  await prepareForClass()
  const { data } = encode('http://localhost/welcome#u=yasmine.benali&c=K7PM-29QX-HD4T', { ecc: 'M', border: 4 })
  const dark = data.flat().filter(Boolean).length
  const image = within(letterOf('Yasmine Benali')).getByRole('img', { name: 'Carré à photographier : http://localhost/welcome' })
  expect(image.querySelector('path')?.getAttribute('d')?.match(/M/g)).toHaveLength(dark)
})

test('the letters are in the language chosen for them, whatever the page’s', async () => {
  await prepareForClass()
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Langue des lettres' }), 'العربية')
  const letter = letterOf('Yasmine Benali')
  await waitFor(() => expect(letter).toHaveAttribute('dir', 'rtl'))
  expect(letter).toHaveAttribute('lang', 'ar')
  expect(letter).toHaveTextContent('رمز الدخول')
  expect(letter).toHaveTextContent('تلميذ(ة) في \u20685e B\u2069')
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('2 lettres sont prêtes')
})

test('whoever goes without printing is asked; after printing nobody is', async () => {
  await prepareForClass()
  await userEvent.click(screen.getByRole('button', { name: 'Autres lettres' }))
  await userEvent.click(within(await screen.findByRole('dialog', { name: 'Quitter sans les lettres ?' })).getByRole('button', { name: 'Annuler' }))
  await userEvent.click(screen.getByRole('button', { name: 'Imprimer' }))
  expect(window.print).toHaveBeenCalledTimes(1)
  act(() => {
    window.dispatchEvent(new Event('afterprint'))
  })
  await userEvent.click(screen.getByRole('button', { name: 'Autres lettres' }))
  expect(screen.getByRole('heading', { level: 1, name: 'Lettres d’accès' })).toBeVisible()
})

test('nothing of the codes is stored in the browser', async () => {
  await prepareForClass()
  const stored = JSON.stringify([{ ...localStorage }, { ...sessionStorage }, window.history.state, window.location.href])
  expect(stored).not.toMatch(/K7PM|yasmine/i)
})

test('a refusal is shown in the form', async () => {
  mockFetch.on('POST', codes, { status: 403 })
  await open()
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Classe' }), '5e B (24 élèves)')
  await userEvent.click(screen.getByRole('button', { name: 'Préparer les lettres…' }))
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Créer les codes' }))
  expect(await screen.findByText('Seule l’administration de cet établissement peut le faire.')).toBeVisible()
})
