import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import { mockFetch } from '../testing/mockFetch'
import { HelpDialog } from './help/HelpDialog'

const about = { version: '1.2.3', controller: 'Collège Jean-Moulin', privacy_contact: 'secretariat@exemple.fr', dpo: 'dpd@exemple.fr', leavers_months: 6, leavers_messages_removed: false }

function school(fields: object): void {
  mockFetch.on('GET', /\/school\/$/, { body: { name: 'Collège', logo: '', ...fields } })
}
const go = (name: string) => userEvent.click(screen.getByRole('button', { name }))
const dialog = () => screen.getByRole('dialog', { name: 'Aide' })

test('the page on privacy has the texts of the school, and how long it keeps people', async () => {
  school({ about })
  render(<HelpDialog section="privacy" onClose={() => undefined} />)
  expect(await screen.findByText('Le responsable du traitement est : Collège Jean-Moulin.')).toBeVisible()
  expect(dialog()).toHaveTextContent('effacés 6 mois après votre départ. Vos messages restent alors, sans votre nom')
  expect(dialog()).toHaveTextContent('Écrivez à : secretariat@exemple.fr.')
  expect(dialog()).toHaveTextContent('Délégué à la protection des données : dpd@exemple.fr.')
  await go('À propos')
  expect(dialog()).toHaveTextContent('Messagerie, version 1.2.3')
  expect(within(dialog()).getByRole('link', { name: 'Signaler une faille de sécurité' })).toHaveAttribute('href', '/aide/securite')
  await go('Accessibilité')
  expect(dialog()).toHaveTextContent('partiellement conforme')
  expect(within(dialog()).getByRole('link', { name: /^Déclaration/ })).toHaveAttribute('href', '/aide/accessibilite')
})

test('it has sound texts where the school has given none, and says nothing that an older server doesn’t tell', async () => {
  school({ about: { ...about, controller: '', privacy_contact: '', dpo: '', leavers_months: 0 } })
  const { unmount } = render(<HelpDialog section="privacy" onClose={() => undefined} />)
  expect(await screen.findByText('Votre compte est conservé jusqu’à sa suppression par l’établissement.')).toBeVisible()
  expect(dialog()).toHaveTextContent('Le responsable du traitement est le chef d’établissement.')
  expect(dialog()).toHaveTextContent('Adressez-vous au secrétariat de l’établissement.')
  expect(dialog()).not.toHaveTextContent('Délégué')
  unmount()
})

test('help is a press away on the log-in page', async () => {
  school({ about })
  render(<App />)
  await userEvent.click(await screen.findByRole('button', { name: 'Vie privée' }))
  expect(await screen.findByRole('dialog', { name: 'Aide' })).toBeVisible()
  await userEvent.click(within(dialog()).getByRole('button', { name: 'Clavier' }))
  expect(dialog()).toHaveTextContent('Envoyer')
  expect(within(dialog()).getByRole('button', { name: 'Clavier' })).toHaveAttribute('aria-current', 'page')
})
