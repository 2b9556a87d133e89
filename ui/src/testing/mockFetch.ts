export interface MockRequest {
  method: string
  url: URL
  headers: Record<string, string>
  /** Parsed, if it is JSON. */
  body: unknown
  signal: AbortSignal | null
  keepalive: boolean
}

export interface MockAnswer {
  status?: number
  body?: unknown
  headers?: Record<string, string>
}

type Responder = (request: MockRequest) => MockAnswer | Promise<MockAnswer>

/** A mock server: the newest rule with a matching method and path gives the response; jest.setup.js installs it. */
export class MockFetch {
  readonly requests: MockRequest[] = []
  private rules: { method: string; path: RegExp; respond: Responder }[] = []

  on(method: string, path: RegExp, respond: Responder | MockAnswer): void {
    this.rules.unshift({ method, path, respond: typeof respond === 'function' ? respond : () => respond })
  }

  reset(): void {
    this.requests.length = 0
    this.rules = []
  }

  requestsTo(path: RegExp): MockRequest[] {
    return this.requests.filter((request) => path.test(request.url.pathname))
  }

  readonly fetch = async (input: string, init: RequestInit = {}): Promise<Response> => {
    const request: MockRequest = {
      method: init.method ?? 'GET',
      url: new URL(input, 'http://localhost'),
      headers: init.headers as Record<string, string>,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : (init.body ?? undefined),
      signal: init.signal ?? null,
      keepalive: init.keepalive ?? false,
    }
    this.requests.push(request)
    const rule = this.rules.find((one) => one.method === request.method && one.path.test(request.url.pathname))
    if (!rule) throw new TypeError(`nobody answers ${request.method} ${request.url.pathname}`)
    const answer = await Promise.race([rule.respond(request), whenAborted(request.signal)])
    return toResponse(answer)
  }
}

/** The instance behind `fetch` in tests. */
export const mockFetch = new MockFetch()

/** A response that arrives when the test releases it. */
export function heldAnswer(): { answer: Promise<MockAnswer>; release: (answer: MockAnswer) => void } {
  let release: (answer: MockAnswer) => void = () => undefined
  const answer = new Promise<MockAnswer>((resolve) => {
    release = resolve
  })
  return { answer, release }
}

function whenAborted(signal: AbortSignal | null): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new DOMException('aborted', 'AbortError'))
    })
  })
}

// jsdom has no Response.
function toResponse({ status = 200, body = null, headers = {} }: MockAnswer): Response {
  const found = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: '',
    headers: { get: (name: string) => found.get(name.toLowerCase()) ?? null, has: (name: string) => found.has(name.toLowerCase()) },
    json: () => Promise.resolve(structuredCloneJson(body)),
  } as unknown as Response
}

function structuredCloneJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
