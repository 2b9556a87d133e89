import { act, render, screen } from '@testing-library/react'
import { useRef } from 'react'
import { useHiddenPart } from './useHiddenPart'

/** As high as the page of 800 pixels. */
function Part() {
  const part = useRef<HTMLDivElement>(null)
  useHiddenPart(part)
  return <div ref={part} role="main" />
}

function show() {
  const view = Object.assign(new EventTarget(), { offsetTop: 0, height: 800, scale: 1 })
  Object.defineProperty(window, 'visualViewport', { configurable: true, value: view })
  jest.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue({ top: 0, bottom: 800 } as DOMRect)
  render(<Part />)
  return (change: Partial<typeof view>) => {
    act(() => {
      view.dispatchEvent(Object.assign(new Event('resize'), void Object.assign(view, change)))
    })
    const { style } = screen.getByRole('main')
    return ['--hidden-top', '--hidden-bottom'].map((name) => style.getPropertyValue(name))
  }
}

test('sets the part that a keyboard covers, and the part that is panned away', () => {
  const change = show()
  expect(change({ height: 500 })).toEqual(['', '300px'])
  expect(change({ offsetTop: 120 })).toEqual(['120px', '180px'])
  expect(change({ offsetTop: 0, height: 800 })).toEqual(['', ''])
})

test('zooming in hides nothing', () => {
  const change = show()
  expect(change({ height: 400, offsetTop: 100, scale: 2 })).toEqual(['', ''])
})
