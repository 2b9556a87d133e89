/** A service worker of an older version controls the page, and a newer one waits. */
async function withWaitingVersion() {
  const container = new EventTarget()
  const waiting = { postMessage: jest.fn() }
  const registration = Object.assign(new EventTarget(), { waiting, installing: null, update: jest.fn(), unregister: jest.fn(() => new Promise(() => undefined)) })
  Object.assign(container, { controller: {}, register: jest.fn().mockResolvedValue(registration) })
  Object.defineProperty(navigator, 'serviceWorker', { configurable: true, value: container })
  jest.resetModules()
  const update = await import('./update')
  await update.startWorker()
  return { update, registration, waiting }
}

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
  Reflect.deleteProperty(navigator, 'serviceWorker')
})

test('a waiting version is offered, and asked to take over when that is wanted', async () => {
  const { update, registration, waiting } = await withWaitingVersion()
  expect(update.isUpdateReady()).toBe(true)
  expect(waiting.postMessage).not.toHaveBeenCalled()
  update.takeUpdate()
  expect(waiting.postMessage).toHaveBeenCalledWith('takeOver')
  jest.advanceTimersByTime(3_999)
  expect(registration.unregister).not.toHaveBeenCalled()
})

test('a version that doesn’t get to take over is started without the one before', async () => {
  const { update, registration } = await withWaitingVersion()
  update.takeUpdate()
  jest.advanceTimersByTime(4_000)
  expect(registration.unregister).toHaveBeenCalled()
})
