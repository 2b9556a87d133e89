import { isArrayOf, isClassSummary, isUser } from '../protocol/decode'
import type { ClassSummary, Id, Role, User } from '../protocol/resources'
import { apiPage, type Page } from './apiCall'

/** The server's longest page. */
const classesPerPage = 200

/** `page` is the `next` of the page before. */
interface PageOptions {
  page?: string | undefined
  limit?: number
  signal?: AbortSignal
}

/** The classes whose people the caller may write to. */
export function fetchClasses(establishmentId: Id, { page, signal }: PageOptions = {}): Promise<Page<ClassSummary>> {
  return apiPage(
    {
      path: `/api/messagerie/classes/${establishmentId}/`,
      query: page ? Object.fromEntries(new URLSearchParams(page)) : { limit: classesPerPage },
      signal,
    },
    isArrayOf(isClassSummary),
  )
}

/** All of them, page by page. */
export async function fetchAllClasses(establishmentId: Id, { signal }: { signal: AbortSignal }): Promise<ClassSummary[]> {
  const all: ClassSummary[] = []
  let page: string | undefined
  do {
    const some = await fetchClasses(establishmentId, { page, signal })
    all.push(...some)
    page = some.next ?? undefined
  } while (page)
  return all
}

/** At least one of them. For parents and a class: those of its students. */
export interface PeopleFilter {
  role?: Role | undefined
  classId?: Id | undefined
}

/** The people of an establishment with a role, of a class, or both, as far as the caller may write to them. */
export function fetchPeople(establishmentId: Id, { role, classId }: PeopleFilter, { page, limit, signal }: PageOptions = {}): Promise<Page<User>> {
  return apiPage(
    {
      path: `/api/messagerie/search/${establishmentId}/`,
      query: page ? Object.fromEntries(new URLSearchParams(page)) : { q: '', role, class: classId, limit },
      signal,
    },
    isArrayOf(isUser),
  )
}
