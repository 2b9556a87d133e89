import { fireEvent, render, screen } from '@testing-library/react'
import { Divider } from './Divider'
import { Panes } from './Panes'

test('the arrow keys move the divider within bounds, and the width is kept on this device', () => {
  const show = () => render(<Panes view="list"><nav className="list" /><Divider /></Panes>)
  const { container, unmount } = show()
  const chosen = (box: HTMLElement) => box.querySelector<HTMLElement>('.chat')?.style.getPropertyValue('--list-chosen')
  const divider = screen.getByRole('separator', { name: 'Largeur de la liste' })
  fireEvent.keyDown(divider, { key: 'End' })
  expect(chosen(container)).toBe(`${window.innerWidth / 2}px`)
  fireEvent.keyDown(divider, { key: 'Home' })
  expect(chosen(container)).toBe('280px')
  unmount()
  expect(chosen(show().container)).toBe('280px')
  fireEvent.doubleClick(screen.getByRole('separator'))
  expect(localStorage.getItem('messagerie.width')).toBeNull()
})
