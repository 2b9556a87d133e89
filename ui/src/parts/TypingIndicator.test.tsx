import { render } from '@testing-library/react'
import '../i18n/i18n'
import { TypingIndicator } from './TypingIndicator'

describe('TypingIndicator', () => {
  test.each([
    [[], ''],
    [['Jérôme'], 'Jérôme écrit…'],
    [['Jérôme', 'Élodie'], 'Jérôme et Élodie écrivent…'],
    [['Jérôme', 'Élodie', 'Nadia'], 'Plusieurs personnes écrivent…'],
  ])('names %j', (names, text) => {
    const { container } = render(<TypingIndicator names={names} />)
    expect(container).toHaveTextContent(text)
  })
})
