import { mayKeep } from './keptReading'

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
