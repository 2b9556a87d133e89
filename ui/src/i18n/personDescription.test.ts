import type { Child, SchoolClass, User } from '../protocol/resources'
import { type Language, setLanguage } from './i18n'
import { nameAmong, personDescription } from './personDescription'

afterEach(() => setLanguage('fr'))

const classes = (...names: string[]): SchoolClass[] => names.map((name, index) => ({ id: 30 + index, name }))
const child = (first_name: string, last_name: string, className = '', relation?: Child['relation']): Child => ({
  id: 50,
  first_name,
  last_name,
  ...(className && { classes: classes(className) }),
  ...(relation && { relation }),
})
type Described = Parameters<typeof personDescription>[0]
/** Without the isolates around names of another direction, and with plain spaces. */
const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '').replaceAll('\u00a0', ' ')

const family = [child('Yasmine', 'Benali', '5e B', 'mother'), child('Adam', 'Benali', 'CM1', 'mother')]
const patchwork = [child('Yasmine', 'Benali', '5e B', 'father'), child('Adam', 'Haddad', 'CM1', 'father')]
const head: SchoolClass = { id: 31, name: '5e B', head: true }

const cases: [string, Described, Record<Language, string>][] = [
  ['a student', { role: 'student', classes: classes('5e B') }, { fr: 'Élève de 5e B', en: 'Pupil in 5e B', ar: 'تلميذ(ة) في 5e B' }],
  ['a student in a group as well', { role: 'student', classes: classes('5e B', 'Latin') }, { fr: 'Élève de 5e B et Latin', en: 'Pupil in 5e B and Latin', ar: 'تلميذ(ة) في 5e B وLatin' }],
  ['a student of whom no more may be seen', { role: 'student' }, { fr: 'Élève', en: 'Pupil', ar: 'تلميذ' }],
  ['a teacher', { role: 'teacher', classes: classes('5e B', '4e A') }, { fr: 'Enseigne en 5e B et 4e A', en: 'Teaches 5e B and 4e A', ar: 'هيئة التدريس: 5e B و4e A' }],
  ['a head teacher', { role: 'teacher', classes: [head] }, { fr: 'Prof. principal(e) de 5e B', en: 'Form teacher of 5e B', ar: 'الإشراف على 5e B' }],
  [
    'a head teacher with other classes', { role: 'teacher', classes: [...classes('4e A'), head] },
    { fr: 'Prof. principal(e) de 5e B · Enseigne en 4e A', en: 'Form teacher of 5e B · Teaches 4e A', ar: 'الإشراف على 5e B · هيئة التدريس: 4e A' },
  ],
  ['a teacher without classes', { role: 'teacher', classes: [] }, { fr: 'Équipe enseignante', en: 'Teacher', ar: 'هيئة التدريس' }],
  ['a head of the school who teaches', { role: 'admin', classes: classes('CM2') }, { fr: 'Direction · Enseigne en CM2', en: 'School leadership · Teaches CM2', ar: 'الإدارة · هيئة التدريس: CM2' }],
  ['staff', { role: 'staff' }, { fr: 'Personnel', en: 'Staff', ar: 'موظفو المدرسة' }],
  ['a parent of whom no more may be seen', { role: 'parent' }, { fr: 'Parent', en: 'Parent', ar: 'ولي أمر' }],
  [
    'a mother', { role: 'parent', children: family },
    { fr: 'Mère de Yasmine et Adam Benali (5e B, CM1)', en: 'Mother of Yasmine and Adam Benali (5e B, CM1)', ar: 'والدة Yasmine وAdam Benali (5e B، CM1)' },
  ],
  [
    'a father of children of different names', { role: 'parent', children: patchwork },
    { fr: 'Père de Yasmine Benali (5e B) et Adam Haddad (CM1)', en: 'Father of Yasmine Benali (5e B) and Adam Haddad (CM1)', ar: 'والد Yasmine Benali (5e B) وAdam Haddad (CM1)' },
  ],
  [
    'somebody responsible by law', { role: 'parent', children: [child('Léa', 'Petit', '', 'guardian')] },
    { fr: 'Responsable de Léa Petit', en: 'Guardian of Léa Petit', ar: 'ولي أمر Léa Petit' },
  ],
  ['a relative', { role: 'parent', children: [child('Léa', 'Petit', '5e B', 'relative')] }, { fr: 'Proche de Léa Petit (5e B)', en: 'Relative of Léa Petit (5e B)', ar: 'من أقارب Léa Petit (5e B)' }],
  ['a parent', { role: 'parent', children: [child('Léa', 'Petit', '5e B')] }, { fr: 'Parent de Léa Petit (5e B)', en: 'Parent of Léa Petit (5e B)', ar: 'ولي أمر Léa Petit (5e B)' }],
  [
    'a mother who is responsible for another child', { role: 'parent', children: [...family, child('Léa', 'Petit', '5e B', 'guardian')] },
    {
      fr: 'Mère de Yasmine et Adam Benali (5e B, CM1) · Responsable de Léa Petit (5e B)',
      en: 'Mother of Yasmine and Adam Benali (5e B, CM1) · Guardian of Léa Petit (5e B)',
      ar: 'والدة Yasmine وAdam Benali (5e B، CM1) · ولي أمر Léa Petit (5e B)',
    },
  ],
  [
    'a teacher with a child here', { role: 'teacher', classes: classes('5e B'), children: [child('Léa', 'Petit', 'CM1', 'mother')] },
    { fr: 'Enseigne en 5e B · Mère de Léa Petit (CM1)', en: 'Teaches 5e B · Mother of Léa Petit (CM1)', ar: 'هيئة التدريس: 5e B · والدة Léa Petit (CM1)' },
  ],
  [
    'staff with a child here', { role: 'staff', children: [child('Léa', 'Petit', 'CM1', 'father')] },
    { fr: 'Personnel · Père de Léa Petit (CM1)', en: 'Staff · Father of Léa Petit (CM1)', ar: 'موظفو المدرسة · والد Léa Petit (CM1)' },
  ],
  ['twins in one class', { role: 'parent', children: [child('Léa', 'Petit', '5e B'), child('Zoé', 'Petit', '5e B')] }, { fr: 'Parent de Léa et Zoé Petit (5e B)', en: 'Parent of Léa and Zoé Petit (5e B)', ar: 'ولي أمر Léa وZoé Petit (5e B)' }],
  ['an Arabic name', { role: 'parent', children: [child('ياسمين', 'بن علي', '5e B', 'mother')] }, { fr: 'Mère de ياسمين بن علي (5e B)', en: 'Mother of ياسمين بن علي (5e B)', ar: 'والدة ياسمين بن علي (5e B)' }],
  [
    'many classes', { role: 'teacher', classes: classes('6e A', '6e B', '5e A', '5e B', '4e A') },
    { fr: 'Enseigne en 6e A, 6e B, 5e A et 2 autres classes', en: 'Teaches 6e A, 6e B, 5e A, and 2 other classes', ar: 'هيئة التدريس: 6e A و6e B و5e A وقسمان آخران' },
  ],
  [
    'a class more than are named', { role: 'teacher', classes: classes('6e A', '6e B', '5e A', '5e B') },
    { fr: 'Enseigne en 6e A, 6e B, 5e A et 5e B', en: 'Teaches 6e A, 6e B, 5e A, and 5e B', ar: 'هيئة التدريس: 6e A و6e B و5e A و5e B' },
  ],
  [
    'many children', { role: 'parent', children: ['Ana', 'Bea', 'Cid', 'Dan', 'Eva'].map((name) => child(name, 'Roux', 'CM1')) },
    { fr: 'Parent d’Ana, Bea et Cid Roux (CM1) et 2 autres enfants', en: 'Parent of Ana, Bea, and Cid Roux (CM1) and 2 other children', ar: 'ولي أمر Ana وBea وCid Roux (CM1) وطفلان آخران' },
  ],
]

describe.each(['fr', 'en', 'ar'] as const)('in %s', (language) => {
  test.each(cases)('%s', async (_, person, texts) => {
    await setLanguage(language)
    expect(plain(personDescription(person))).toBe(texts[language])
  })
})

test('in full nothing is left out', () => {
  const [many, children] = [classes('6e A', '6e B', '5e A', '5e B', '4e A'), ['Ana', 'Bea', 'Cid', 'Dan', 'Eva'].map((name) => child(name, 'Roux'))]
  expect(plain(personDescription({ role: 'teacher', classes: many }, true))).toBe('Enseigne en 6e A, 6e B, 5e A, 5e B et 4e A')
  expect(personDescription({ role: 'parent', children }, true)).toBe('Parent d’Ana, Bea, Cid, Dan et Eva Roux')
})

test.each([
  ['Adam', 'Mère d’Adam Roux'],
  ['Élodie', 'Mère d’Élodie Roux'],
  ['Œdipe', 'Mère d’Œdipe Roux'],
  ['Yves', 'Mère d’Yves Roux'],
  ['Yasmine', 'Mère de Yasmine Roux'],
  ['Hugo', 'Mère de Hugo Roux'],
  ['Zoé', 'Mère de Zoé Roux'],
])('in French “de” is elided before a vowel: %s', (first, text) => {
  expect(personDescription({ role: 'parent', children: [child(first, 'Roux', '', 'mother')] })).toBe(text)
})

test('a name or a class of another direction than the text is isolated', async () => {
  const arabic = { role: 'parent', children: [child('ياسمين', 'بن علي', '5e B', 'mother')] } as const
  expect(personDescription({ ...arabic, children: [...arabic.children] })).toBe('Mère de \u2068ياسمين بن علي\u2069 (5e\u00a0B)')
  await setLanguage('ar')
  expect(personDescription({ ...arabic, children: [...arabic.children] })).toBe('والدة ياسمين بن علي (\u20685e\u00a0B\u2069)')
})

describe('people of the same name', () => {
  const adam = (id: number, name: string): User => ({ id, first_name: 'Adam', last_name: 'Benali', email: '', role: 'student', classes: classes(name) })
  const [first, second] = [adam(4, '5e B'), adam(5, 'CM1')]

  test('are told apart by who they are', () => {
    expect(nameAmong(first, [first, second])).toBe('Adam Benali (Élève de 5e\u00a0B)')
    expect(nameAmong(second, [first, second])).toBe('Adam Benali (Élève de CM1)')
  })

  test('also if the names are spelt with other capitals', () => {
    expect(nameAmong(first, [first, { ...second, last_name: 'BENALI' }])).toBe('Adam Benali (Élève de 5e\u00a0B)')
  })

  test('a name that only one has stays alone, also if that person is listed twice', () => {
    expect(nameAmong(first, [first, { ...first }, { ...second, first_name: 'Amir' }])).toBe('Adam Benali')
  })
})
