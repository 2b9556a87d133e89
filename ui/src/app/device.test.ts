import 'fake-indexeddb/auto'
import { change, database, storeName } from '../chat/files/fileDatabase'
import { resultOf } from '../lib/indexedDb'
import { forgetDevice } from './device'

// jsdom has none.
globalThis.structuredClone = <T,>(value: T) => JSON.parse(JSON.stringify(value)) as T

// Without a network it can't be fetched.
jest.mock('../chat/files/fileStore', () => {
  throw new Error('Not fetched.')
})

test('files that wait to be sent are removed also where their chunk can’t be fetched', async () => {
  await change((store) => {
    store.put({ userId: 1, key: 'a', blob: 'secret', since: 0 })
  })
  const kept = async () => resultOf((await database()).transaction(storeName).objectStore(storeName).count())
  expect(await kept()).toBe(1)
  await forgetDevice()
  expect(await kept()).toBe(0)
})
