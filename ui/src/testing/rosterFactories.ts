import type { ClassSummary, User } from '../protocol/resources'
import type { AccessCode, RosterChange, RosterPlan } from '../protocol/roster'

/** An import of ONDE with everything in it; the establishment is 123. */
export function aPlan(fields: Partial<RosterPlan> = {}): RosterPlan {
  return {
    id: 900,
    state: 'planned',
    progress: 0,
    format: 'onde',
    encoding: 'iso-8859-15',
    files: [
      { name: 'eleves.csv', rows: 412 },
      { name: 'responsables.csv', rows: 640 },
    ],
    counts: {
      people: { created: 312, updated: 0, unchanged: 640, leaving: 57, returning: 1, changing_class: 41 },
      classes: { created: 2, updated: 0, unchanged: 14, removed: 0 },
      enrollments: { created: 353, updated: 0, unchanged: 59, removed: 98 },
      guardianships: { created: 488, updated: 0, unchanged: 0, removed: 0 },
    },
    changes: [],
    problems: [
      { file: 'eleves.csv', line: 17, column: 4, code: 'invalid_date', message: 'La date « 31/02/2016 » n’existe pas.' },
      { file: 'responsables.csv', line: 0, column: 0, code: 'unknown_student', message: 'Adam Benali ne figure pas parmi les élèves.' },
      {
        file: 'eleves.csv',
        line: 88,
        column: 0,
        code: 'needs_decision',
        message: 'Yasmine Benali porte le nom d’une personne déjà présente : est-ce la même ?',
        key: 'onde 88',
        candidates: [
          {
            id: 41,
            first_name: 'Yasmine',
            last_name: 'Benali',
            email: '',
            role: 'student',
            classes: [{ id: 5, name: '5e B' }],
            birth_date: '2014-03-21',
            left: false,
          },
        ],
      },
    ],
    problem_count: 3,
    year: '2026-2027',
    columns: [],
    created_at: '2026-09-01T08:00:00.000Z',
    applied_at: null,
    can_undo: false,
    ...fields,
  }
}

export function aLeaver(number: number): RosterChange {
  return { kind: 'people', action: 'leaving', before: { id: number, first_name: 'Élève', last_name: `Numéro ${number}`, role: 'student' }, after: null }
}

export const yasmine: User = {
  id: 41,
  first_name: 'Yasmine',
  last_name: 'Benali',
  email: '',
  role: 'student',
  classes: [{ id: 5, name: '5e B' }],
}

export const nadia: User = {
  id: 42,
  first_name: 'Nadia',
  last_name: 'Benali',
  email: 'nadia@exemple.fr',
  role: 'parent',
  children: [
    { id: 41, first_name: 'Yasmine', last_name: 'Benali', classes: [{ id: 5, name: '5e B' }] },
    { id: 43, first_name: 'Adam', last_name: 'Benali', classes: [{ id: 6, name: 'CM1' }] },
  ],
}

export function anAccessCode(user: User, fields: Partial<AccessCode> = {}): AccessCode {
  return { user, username: `${user.first_name}.${user.last_name}`.toLowerCase(), code: 'K7PM-29QX-HD4T', expires_at: '2026-11-20T22:30:00.000Z', ...fields }
}

export function aClass(fields: Partial<ClassSummary> = {}): ClassSummary {
  return { id: 5, name: '5e B', level: '5e', year: '2026-2027', students: 24, teachers: 9, guardians: 41, ...fields }
}
