import { act, render, screen } from '@testing-library/react'
import { setLanguage } from './i18n'
import { useTranslation } from './useTranslation'

function Counted({ count }: { count: number }) {
  return <p>{useTranslation().t('message.newCount', { count })}</p>
}

afterEach(() => act(() => setLanguage('fr')))

test('a text follows the number in it and the language, there and back', async () => {
  const { rerender } = render(<Counted count={1} />)
  const said = () => screen.getByText(/./).textContent
  const french = said()
  rerender(<Counted count={2} />)
  expect(said()).not.toBe(french)
  rerender(<Counted count={1} />)
  expect(said()).toBe(french)
  await act(() => setLanguage('en'))
  expect(said()).toBe('1 new message')
  await act(() => setLanguage('fr'))
  expect(said()).toBe(french)
})
