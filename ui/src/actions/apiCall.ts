import { personOf } from '../lib/claims'
import type { Guard } from '../protocol/decode'
import { isErrorBody } from '../protocol/decode'
import { keptHeader } from '../lib/keptReading'
import { nextQuery } from '../lib/linkHeader'
import { currentConnection, refuseToken } from './connection'

/**
 * A refused or failed request. `code` is the server's stable code, or "network" if there was
 * no response and "invalid_answer" if it had another shape; `message` is for developers, the
 * screen shows the translation of the code.
 */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly data: Record<string, unknown>
  /** Seconds to wait before the next attempt, if the server says so. */
  readonly retryAfter: number | null

  constructor(fields: {
    status: number
    code: string
    message: string
    data?: Record<string, unknown>
    retryAfter?: number | null
  }) {
    super(fields.message)
    this.name = 'ApiError'
    this.status = fields.status
    this.code = fields.code
    this.data = fields.data ?? {}
    this.retryAfter = fields.retryAfter ?? null
  }
}

/** One page of a list. `next` is the query of the following page, or null at the end. */
export type Page<T> = T[] & { next: string | null }

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Record<string, string | number | undefined>
  /** Sent as JSON; a FormData as it is, as multipart. */
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
  /** A log-in has no token yet, and its 401 or 403 doesn't end a session; likewise logging out, whose token is in `headers`. */
  anonymous?: boolean
  /** The request is completed even if the page is closed meanwhile. */
  keepalive?: boolean
}

/** Calls the server and checks the response's shape. Rejects with an ApiError, or an AbortError. */
export async function apiCall<T>(request: ApiRequest, guard: Guard<T>): Promise<T> {
  return (await callJson(request, guard)).value
}

/** Like apiCall, for a list whose next page is in the `Link` header. */
export async function apiPage<T>(request: ApiRequest, guard: Guard<T[]>): Promise<Page<T>> {
  const { value, next } = await apiPart(request, guard)
  return Object.assign(value, { next })
}

/** Like apiCall, for a resource that contains a paged list. */
export async function apiPart<T>(request: ApiRequest, guard: Guard<T>): Promise<{ value: T; next: string | null }> {
  const { value, response } = await callJson(request, guard)
  return { value, next: nextQuery(response.headers.get('Link')) }
}

const keptAnswers = new WeakSet<object>()

/** Whether this is a cached response of the service worker, because there was no network. */
export function isKept(answer: object): boolean {
  return keptAnswers.has(answer)
}

/** For a request whose response is a 204. */
export async function apiCommand(request: ApiRequest): Promise<void> {
  await send(request)
}

/** The content of a file. */
export async function apiBlob(request: ApiRequest): Promise<Blob> {
  return (await send({ ...request, headers: { Accept: '*/*' } })).blob()
}

async function callJson<T>(request: ApiRequest, guard: Guard<T>): Promise<{ value: T; response: Response }> {
  const response = await send(request)
  const value: unknown = await response.json().catch((error: unknown) => {
    if (isAbort(error)) throw error
    return undefined
  })
  if (!guard(value)) {
    throw new ApiError({ status: response.status, code: 'invalid_answer', message: `unexpected answer to ${request.path}` })
  }
  if (response.headers.has(keptHeader)) keptAnswers.add(value as object)
  return { value, response }
}

async function send(request: ApiRequest): Promise<Response> {
  const { baseUrl, getToken } = currentConnection()
  const token = request.anonymous ? '' : getToken()
  const headers: Record<string, string> = { Accept: 'application/json', ...request.headers }
  if (token) headers.Authorization = `Bearer ${token}`
  const { body } = request
  const isForm = body instanceof FormData
  // The browser adds the type of a form, with its boundary.
  if (body !== undefined && !isForm) headers['Content-Type'] = 'application/json'

  let response: Response
  try {
    response = await fetch(baseUrl + request.path + queryString(request.query), {
      method: request.method ?? 'GET',
      headers,
      signal: request.signal ?? null,
      keepalive: request.keepalive ?? false,
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    })
  } catch (error) {
    if (isAbort(error)) throw error
    throw new ApiError({ status: 0, code: 'network', message: String(error) })
  }
  if (response.ok) return response

  if (response.status === 401 && token) {
    // An old token, replaced by a new log-in, doesn't end the new session. A request of one person is never sent
    // again with the token of another who has logged in since.
    if (token === getToken()) await refuseToken(token)
    if (getToken() && token !== getToken() && personOf(token) === personOf(getToken())) return send(request)
  }
  throw await readError(response)
}

async function readError(response: Response): Promise<ApiError> {
  return apiErrorOf(response, await response.json().catch(() => null), response.headers.get('Retry-After'))
}

export function apiErrorOf({ status, statusText }: { status: number; statusText: string }, body: unknown, wait: string | null): ApiError {
  const retryAfter = Number.parseInt(wait ?? '', 10)
  return new ApiError({
    ...(isErrorBody(body) ? body : { code: codeOf(status), message: statusText }),
    status,
    retryAfter: Number.isNaN(retryAfter) ? null : retryAfter,
  })
}

/** For responses without our codes: PocketBase's own endpoints, and proxies. */
function codeOf(status: number): string {
  switch (status) {
    case 400:
      return 'invalid_request'
    case 401:
      return 'unauthorized'
    case 403:
      return 'forbidden'
    case 404:
      return 'not_found'
    case 413:
      return 'too_large'
    case 429:
      return 'too_many_requests'
    default:
      return status >= 502 && status <= 504 ? 'network' : 'internal'
  }
}

function queryString(query: ApiRequest['query']): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, String(value))
  }
  const text = parameters.toString()
  return text && `?${text}`
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/** The code of the error that a call was rejected with. */
export function errorCode(error: unknown): string {
  return error instanceof ApiError ? error.code : 'internal'
}
