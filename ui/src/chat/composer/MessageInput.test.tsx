import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import '../../i18n/i18n'
import { useState } from 'react'
import { MessageInput } from './MessageInput'

describe('MessageInput', () => {
  const onSend = jest.fn()
  function Field({ start = '' }: { start?: string }) {
    const [text, setText] = useState(start)
    return <MessageInput text={text} label="Message" sendLabel="Envoyer" takesFocus onChange={setText} onSend={onSend} />
  }
  beforeEach(() => {
    jest.clearAllMocks()
  })

  test('sends on Enter, trimmed, and breaks the line with Shift', async () => {
    render(<Field />)
    await userEvent.type(screen.getByRole('textbox'), ' un{Shift>}{Enter}{/Shift}deux {Enter}')
    expect(onSend.mock.calls).toEqual([['un\ndeux']])
  })

  test('on a touch screen Enter breaks the line', async () => {
    jest.spyOn(window, 'matchMedia').mockImplementation(
      (media) => ({ media, matches: media.includes('coarse'), addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList,
    )
    render(<Field />)
    await userEvent.type(screen.getByRole('textbox'), 'un{Enter}deux')
    expect(onSend).not.toHaveBeenCalled()
    await userEvent.click(screen.getByRole('button', { name: 'Envoyer' }))
    expect(onSend.mock.calls).toEqual([['un\ndeux']])
  })

  test('ignores keys during input method composition, also in Safari', async () => {
    const onCancel = jest.fn()
    render(<MessageInput text="né" label="Message" sendLabel="Envoyer" takesFocus onChange={jest.fn()} onSend={onSend} onCancel={onCancel} />)
    const field = screen.getByRole('textbox')
    for (const key of ['Enter', 'Escape']) {
      fireEvent.keyDown(field, { key, isComposing: true })
      fireEvent.keyDown(field, { key, keyCode: 229 })
    }
    expect([onSend, onCancel].map((heard) => heard.mock.calls.length)).toEqual([0, 0])
    await userEvent.type(field, '{Enter}{Escape}')
    expect([onSend, onCancel].map((heard) => heard.mock.calls.length)).toEqual([1, 1])
  })

  test('keeps all of a pasted book, shows at once that it is too long, and doesn’t measure it on each key', () => {
    const measured = jest.spyOn(Element.prototype, 'scrollHeight', 'get').mockReturnValue(40)
    render(<Field />)
    const field = screen.getByRole<HTMLTextAreaElement>('textbox')
    const book = '😀'.repeat(100) + 'a'.repeat(199_900)
    measured.mockClear()
    fireEvent.change(field, { target: { value: book } })
    fireEvent.change(field, { target: { value: `${book}b` } })
    expect(field.value).toBe(`${book}b`)
    expect(screen.getByText('190001 caractères de trop')).toBeVisible()
    expect(screen.getByRole('status')).toHaveTextContent('Le message est trop long.')
    expect(measured).not.toHaveBeenCalled()
  })

  test('sends neither an empty nor an overlong text', async () => {
    render(<Field start={'a'.repeat(10_000)} />)
    expect(screen.getByText('0 caractère restant')).toBeVisible()
    await userEvent.type(screen.getByRole('textbox'), 'bb')
    expect(screen.getByText('2 caractères de trop')).toBeVisible()
    expect(screen.getByRole('button', { name: 'Envoyer' })).toBeDisabled()
    await userEvent.clear(screen.getByRole('textbox'))
    await userEvent.type(screen.getByRole('textbox'), '   {Enter}')
    await userEvent.type(screen.getByRole('textbox'), '\u2800\u3164\u200b{Enter}')
    expect(onSend).not.toHaveBeenCalled()
  })
})
