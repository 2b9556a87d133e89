import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { useLayer } from './layers'
import { conversationIn } from './place'
import { usePlaceRoute } from './route'

function Layer({ name, onBack }: { name: string; onBack: () => void }) {
  useLayer(onBack)
  return <p>{name}</p>
}

/** A list and a conversation, over which there can be two layers. */
function Page({ isFirm = false }: { isFirm?: boolean }) {
  const [place, go] = usePlaceRoute()
  const [height, setHeight] = useState(0)
  const down = () => {
    if (!isFirm) setHeight((now) => now - 1)
  }
  return (
    <>
      <h1>{place === null ? 'list' : `conversation ${conversationIn(place)}`}</h1>
      <button onClick={() => { go({ conversation: 7 }) }}>open</button>
      <button onClick={() => { setHeight(0); go(null) }}>leave</button>
      <button onClick={() => { setHeight(height + 1) }}>up</button>
      <button onClick={() => { setHeight(height - 1) }}>down</button>
      {height > 0 && <Layer name="first" onBack={down} />}
      {height > 1 && <Layer name="second" onBack={down} />}
    </>
  )
}

const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))
const height = () => (window.history.state as { layer?: number } | null)?.layer ?? 0
async function settled(layers: number) {
  await waitFor(() => {
    expect(height()).toBe(layers)
  })
}
async function back() {
  await act(async () => {
    const gone = new Promise((resolve) => {
      window.addEventListener('popstate', resolve, { once: true })
    })
    window.history.back()
    await gone
  })
}

test('going back closes the layers one by one, then leaves the page', async () => {
  render(<Page />)
  await press('open')
  await press('up')
  await settled(1)
  await press('up')
  await settled(2)
  await back()
  expect(screen.queryByText('second')).toBeNull()
  expect(screen.getByText('first')).toBeVisible()
  await back()
  expect(screen.queryByText('first')).toBeNull()
  expect(screen.getByRole('heading')).toHaveTextContent('conversation 7')
  await back()
  expect(screen.getByRole('heading')).toHaveTextContent('list')
})

test('a layer that is closed otherwise leaves no history entry', async () => {
  render(<Page />)
  await press('open')
  await press('up')
  await settled(1)
  await press('down')
  await settled(0)
  await back()
  expect(screen.getByRole('heading')).toHaveTextContent('list')
})

test('leaving a conversation from a layer leads back to the list', async () => {
  render(<Page />)
  await press('open')
  await press('up')
  await press('up')
  await settled(2)
  await press('leave')
  await waitFor(() => {
    expect(screen.getByRole('heading')).toHaveTextContent('list')
  })
  expect(window.history.state).toBeNull()
})

test('a page opened from a layer replaces its history entry', async () => {
  render(<Page />)
  await press('up')
  await settled(1)
  await press('open')
  await press('down')
  await back()
  expect(screen.getByRole('heading')).toHaveTextContent('list')
  expect(height()).toBe(0)
})

test('a layer that asks before closing keeps its history entry', async () => {
  render(<Page isFirm />)
  await press('up')
  await settled(1)
  await back()
  expect(screen.getByText('first')).toBeVisible()
  await settled(1)
})

test('a page opened while a layer is being closed is the current one afterwards', async () => {
  render(<Page />)
  await press('up')
  await settled(1)
  const goes = new Promise((resolve) => {
    jest.spyOn(window.history, 'go').mockImplementationOnce((steps) => {
      resolve(steps)
    })
  })
  fireEvent.click(screen.getByRole('button', { name: 'down' }))
  expect(await goes).toBe(-1)
  fireEvent.click(screen.getByRole('button', { name: 'open' }))
  await back()
  expect(screen.getByRole('heading')).toHaveTextContent('conversation 7')
})

test('a layer opened while another one is being closed stays open', async () => {
  render(<Page />)
  await press('up')
  await settled(1)
  const goes = new Promise((resolve) => {
    jest.spyOn(window.history, 'go').mockImplementationOnce((steps) => {
      resolve(steps)
    })
  })
  fireEvent.click(screen.getByRole('button', { name: 'down' }))
  expect(await goes).toBe(-1)
  fireEvent.click(screen.getByRole('button', { name: 'up' }))
  await back()
  expect(screen.getByText('first')).toBeVisible()
  await settled(1)
})

describe('a step back that the browser drops', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })
  const click = (name: string) => {
    fireEvent.click(screen.getByRole('button', { name }))
  }
  const dropped = () => {
    jest.spyOn(window.history, 'go').mockImplementationOnce(() => undefined)
  }
  const after = (milliseconds: number) => {
    act(() => {
      jest.advanceTimersByTime(milliseconds)
    })
  }

  test('leads to the list all the same', () => {
    render(<Page />)
    click('open')
    dropped()
    click('leave')
    after(1_999)
    expect(screen.getByRole('heading')).toHaveTextContent('conversation 7')
    after(1)
    expect(screen.getByRole('heading')).toHaveTextContent('list')
  })

  test('doesn’t keep the next page from being opened', () => {
    render(<Page />)
    click('up')
    after(0)
    dropped()
    click('down')
    after(0)
    click('open')
    after(2_000)
    expect(screen.getByRole('heading')).toHaveTextContent('conversation 7')
  })
})
