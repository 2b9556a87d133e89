import { act, render, screen } from '@testing-library/react'
import { lazily } from './lazily'

const Part = ({ name }: { name: string }) => <p>{name} is here</p>

beforeEach(() => {
  jest.useFakeTimers()
  jest.spyOn(console, 'error').mockImplementation(() => undefined) // React reports each failure
})
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

const settled = () => act(() => jest.advanceTimersByTimeAsync(0))

test('a part that could not be fetched comes when the browser is online again', async () => {
  const load = jest.fn().mockRejectedValueOnce(new TypeError('offline')).mockResolvedValue(Part)
  const Lazy = lazily<{ name: string }>(load)
  render(<Lazy name="The dialog" />)
  await settled()
  expect(screen.queryByText('The dialog is here')).toBeNull()
  expect(load).toHaveBeenCalledTimes(1)

  act(() => {
    dispatchEvent(new Event('online'))
  })
  await settled()
  expect(screen.getByText('The dialog is here')).toBeVisible()
})

test('it is tried again every few seconds until it is there, and not after that', async () => {
  const load = jest.fn().mockRejectedValueOnce(new TypeError('offline')).mockRejectedValueOnce(new TypeError('offline')).mockResolvedValue(Part)
  const Lazy = lazily<{ name: string }>(load)
  render(<Lazy name="The dialog" />)
  await settled()
  await act(() => jest.advanceTimersByTimeAsync(5_000))
  expect(load).toHaveBeenCalledTimes(2)
  expect(screen.queryByText('The dialog is here')).toBeNull()
  await act(() => jest.advanceTimersByTimeAsync(5_000))
  expect(screen.getByText('The dialog is here')).toBeVisible()
  await act(() => jest.advanceTimersByTimeAsync(60_000))
  expect(load).toHaveBeenCalledTimes(3)
})

test('a part that fails by itself stays away, and the rest stays', async () => {
  const Broken = () => {
    throw new Error('broken')
  }
  const load = jest.fn().mockResolvedValue(Broken)
  const Lazy = lazily<object>(load)
  render(
    <>
      <p>The rest</p>
      <Lazy />
    </>,
  )
  await settled()
  await act(() => jest.advanceTimersByTimeAsync(60_000))
  expect(screen.getByText('The rest')).toBeVisible()
  expect(load).toHaveBeenCalledTimes(1)
})
