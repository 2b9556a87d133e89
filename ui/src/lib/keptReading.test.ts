import { keep, mayKeep } from './keptReading'

test.each([
  ['/api/messagerie/me/', true],
  ['/api/messagerie/conversations/1/', true],
  ['/api/messagerie/conversations/1/?limit=50', true],
  ['/api/messagerie/conversations/1/7/', true],
  ['/api/messagerie/messages/7/?limit=50', true],
  ['/api/messagerie/messages/7/?before=9', false],
  ['/api/messagerie/messages/7/?after=9', false],
  ['/api/messagerie/conversations/1/?cursor=abc', false],
  ['/api/messagerie/search/1/?q=jero', false],
  ['/api/collections/users/records', false],
])('%s is kept for reading without a network: %s', (address, isKept) => {
  expect(mayKeep(new URL(address, 'http://localhost'))).toBe(isKept)
})

test('more than forty conversations evict the oldest ones, but neither the person nor the list', async () => {
  const kept = new Map<string, Response>()
  const urlOf = (key: RequestInfo | URL) => (key instanceof Object && 'url' in key ? key.url : String(key))
  const cache = {
    delete: (key: RequestInfo | URL) => Promise.resolve(kept.delete(urlOf(key))),
    put: (key: RequestInfo | URL, response: Response) => Promise.resolve(void kept.set(urlOf(key), response)),
    keys: () => Promise.resolve(Array.from(kept.keys(), (url) => ({ url }))),
  } as unknown as Cache
  const at = (path: string) => `http://localhost/api/messagerie/${path}/`
  const paths = ['me', 'conversations/1', ...Array.from({ length: 45 }, (_, index) => `messages/${index + 1}`)]
  for (const path of paths) await keep(cache, at(path), {} as Response)
  expect([...kept.keys()]).toEqual(['me', 'conversations/1', ...paths.slice(-40)].map(at))
})
