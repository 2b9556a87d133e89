import { render } from '@testing-library/react'
import { runsOf } from '../../lib/direction'
import { MessageText } from './MessageText'

function shown(text: string) {
  const { container } = render(<MessageText runs={runsOf(text)} />)
  return { text: container.textContent, glued: Array.from(container.querySelectorAll('.glued'), (one) => one.textContent) }
}

test('French punctuation is never alone on a line, and the text is copied as it was written', () => {
  const text = 'Alors : « C’est prêt » ? Oui !! À 17 h ; voir https://example.org/ ! non?'
  expect(shown(text)).toEqual({ text, glued: ['s :', '« C', 't »', 'i !!', 'h ;'] })
})

test('a text from right to left is left alone', () => {
  expect(shown('مرحبا ! نعم ؟').glued).toEqual([])
})
