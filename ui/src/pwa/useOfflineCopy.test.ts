import { renderHook } from '@testing-library/react'
import { configureConnection } from '../actions/connection'
import { useOfflineCopy } from './useOfflineCopy'

let token = 'a token'
const fetched = jest.fn<Promise<Response>, [string]>(() => new Promise(() => undefined))
const worker = Object.assign(new EventTarget(), { controller: {} })

beforeEach(() => {
  token = 'a token'
  fetched.mockClear()
  window.fetch = fetched as unknown as typeof fetch
  Object.defineProperty(navigator, 'serviceWorker', { value: worker, configurable: true })
  configureConnection({ getToken: () => token })
})

afterEach(() => {
  Reflect.deleteProperty(navigator, 'serviceWorker')
})

it('requests the list and the open conversation again once the service worker is in charge', () => {
  renderHook(() => {
    useOfflineCopy(1, 7, true)
  })
  fetched.mockClear()
  worker.dispatchEvent(new Event('controllerchange'))
  const paths = fetched.mock.calls.map(([url]) => url.replace(/\?.*/, ''))
  expect(paths).toEqual(['/api/messagerie/me/', '/api/messagerie/conversations/1/', '/api/messagerie/messages/7/'])
})

it('requests nothing for somebody who has just logged out', () => {
  renderHook(() => {
    useOfflineCopy(1, 7, true)
  })
  fetched.mockClear()
  token = ''
  worker.dispatchEvent(new Event('controllerchange'))
  expect(fetched).not.toHaveBeenCalled()
})
