import type { Person } from './person'
import type { TestFixtures } from './test'

/** Called for each screen, with a name for files and reports. */
export type Show = (person: Person, screen: string) => Promise<void>
export type Guide = Pick<TestFixtures, 'school' | 'visit' | 'enter' | 'tolerate'> & { show: Show }
