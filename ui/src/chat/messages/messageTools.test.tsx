import { act, fireEvent, render, screen } from '@testing-library/react'
import { createRef } from 'react'
import { aMessage } from '../../testing/factories'
import { MessageTools } from './MessageTools'

/** jsdom has no pointer events: React's and ours read these fields. */
function pointer(type: string, target: Element, fields: object) {
  fireEvent(target, Object.assign(new Event(type, { bubbles: true, cancelable: true }), { pointerType: 'touch', isPrimary: true, clientX: 0, clientY: 0, ...fields }))
}

function show(mayReply = true) {
  const list = createRef<HTMLOListElement>()
  const [onAction, onMenu] = [jest.fn(), jest.fn()]
  const view = (isThere: boolean) => (
    <>
      <ol ref={list}>
        <li className="message" data-message="30">
          <p>Bonjour</p>
          <div className="message-menu">
            <button type="button" aria-haspopup="menu" onClick={onMenu}>Actions</button>
          </div>
        </li>
      </ol>
      {isThere && <MessageTools list={list} messages={[aMessage(30)]} mayReply={mayReply} mayReact onAction={onAction} />}
    </>
  )
  const { rerender } = render(view(false))
  rerender(view(true))
  return { onAction, onMenu, text: screen.getByText('Bonjour') }
}

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

test('a swipe towards the end of the line answers, a short one, a vertical one and one the other way don’t', () => {
  const { onAction, text } = show()
  for (const fields of [{ clientX: 30 }, { clientX: 60, clientY: 90 }, { clientX: -60 }]) {
    pointer('pointerdown', text, {})
    pointer('pointermove', text, fields)
    pointer('pointerup', text, fields)
  }
  expect(onAction).not.toHaveBeenCalled()
  pointer('pointerdown', text, {})
  pointer('pointermove', text, { clientX: 20 })
  pointer('pointermove', text, { clientX: 60, clientY: 15 })
  expect(text.closest('li')).toHaveAttribute('data-swiped', 'far')
  pointer('pointerup', text, { clientX: 60 })
  expect(onAction).toHaveBeenCalledWith(expect.objectContaining({ id: 30 }), 'reply')
  expect(text.closest('li')).not.toHaveAttribute('data-swiped')
})

test('nothing is answered where one may not write', () => {
  const { onAction, text } = show(false)
  pointer('pointerdown', text, {})
  pointer('pointermove', text, { clientX: 60 })
  pointer('pointerup', text, { clientX: 60 })
  expect(onAction).not.toHaveBeenCalled()
})

test('a long press opens the menu, unless the finger moves', () => {
  const { onMenu, text } = show()
  pointer('pointerdown', text, {})
  pointer('pointermove', text, { clientY: 30 })
  act(() => { jest.advanceTimersByTime(600) })
  expect(onMenu).not.toHaveBeenCalled()
  pointer('pointerdown', text, {})
  act(() => { jest.advanceTimersByTime(600) })
  expect(onMenu).toHaveBeenCalledTimes(1)
})

test('the mouse has a bar to answer, and to react', () => {
  const { onAction, onMenu, text } = show()
  pointer('pointerover', text, { pointerType: 'mouse' })
  fireEvent.click(screen.getByTitle('Répondre'))
  expect(onAction).toHaveBeenCalledWith(expect.objectContaining({ id: 30 }), 'reply')
  fireEvent.click(screen.getByTitle('Réagir'))
  expect(onMenu).toHaveBeenCalledTimes(1)
})
