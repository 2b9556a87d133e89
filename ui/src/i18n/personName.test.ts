import { fullName, shortName } from './personName'

test.each([
  [{ first_name: 'Claire', last_name: 'Martin', email: 'c@x.fr' }, 'Claire Martin', 'Claire'],
  [{ first_name: '', last_name: 'Martin', email: 'c@x.fr' }, 'Martin', 'Martin'],
  [{ first_name: ' Claire ', last_name: '', email: '' }, 'Claire', 'Claire'],
  [{ first_name: '', last_name: ' ', email: 'c@x.fr' }, 'c@x.fr', 'c@x.fr'],
  [{ first_name: '', last_name: '', email: '' }, 'Personne sans nom', 'Personne sans nom'],
])('%j is called %s, in short %s', (user, full, short) => {
  expect(fullName(user)).toBe(full)
  expect(shortName(user)).toBe(short)
})
