import { act, render, renderHook, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import '../../i18n/i18n'
import { aConversation, elodie, jerome } from '../../testing/factories'
import { heldAnswer, mockFetch } from '../../testing/mockFetch'
import { settled } from '../../testing/settled'
import { useContactSearch } from '../state/useContactSearch'
import { type Draft, NewConversation } from './NewConversation'

const searchPath = /\/search\/123\/$/

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})
async function pass(milliseconds: number) {
  act(() => {
    jest.advanceTimersByTime(milliseconds)
  })
  await settled()
}

describe('useContactSearch', () => {
  const search = (text: string) =>
    renderHook(({ text: typed }) => useContactSearch(123, typed), { initialProps: { text } })

  test('searches after a pause in typing of 300 ms', async () => {
    mockFetch.on('GET', searchPath, { body: [jerome] })
    const { result, rerender } = search('j')
    expect(result.current.status).toBe('idle')
    rerender({ text: 'jé' })
    await pass(299)
    rerender({ text: 'jér' })
    await pass(299)
    expect(mockFetch.requests).toEqual([])
    expect(result.current.status).toBe('searching')
    await pass(1)
    expect(mockFetch.requests.map((request) => request.url.searchParams.get('q'))).toEqual(['jér'])
    expect(result.current).toMatchObject({ status: 'found', people: [jerome] })
  })

  test('aborts an outdated request and ignores its response', async () => {
    const slow = heldAnswer()
    mockFetch.on('GET', searchPath, ({ url }) => (url.searchParams.get('q') === 'jé' ? slow.answer : { body: [elodie] }))
    const { result, rerender } = search('jé')
    await pass(300)
    rerender({ text: 'él' })
    expect(mockFetch.requests[0]?.signal?.aborted).toBe(true)
    await pass(300)
    slow.release({ body: [jerome] })
    await settled()
    expect(result.current).toMatchObject({ status: 'found', people: [elodie] })
  })

  test('shows why it failed', async () => {
    mockFetch.on('GET', searchPath, { status: 403, body: { status: 403, code: 'not_in_establishment', message: '', data: {} } })
    const { result } = search('jé')
    await pass(300)
    expect(result.current).toMatchObject({ status: 'failed', code: 'not_in_establishment' })
  })
})

describe('NewConversation', () => {
  const onPerson = jest.fn()
  const onGroup = jest.fn()
  const onStarted = jest.fn()
  function Dialog() {
    const [draft, setDraft] = useState<Draft>({ chosen: [], title: '' })
    return (
      <NewConversation
        establishmentId={123}
        draft={draft}
        onDraft={setDraft}
        onPerson={onPerson}
        onGroup={onGroup}
        onStarted={onStarted}
        opener={null}
        takeTyped={() => ''}
        onClose={() => undefined}
      />
    )
  }
  async function show() {
    jest.clearAllMocks()
    onGroup.mockResolvedValue(aConversation())
    mockFetch.on('GET', searchPath, { body: [jerome, elodie] })
    render(<Dialog />)
    const user = userEvent.setup({ advanceTimers: jest.advanceTimersByTime })
    await user.type(screen.getByRole('combobox', { name: 'Destinataires' }), 'je')
    await pass(300)
    return user
  }

  test('works with the keyboard alone: choosing one person creates nothing yet', async () => {
    const user = await show()
    const active = () => document.getElementById(screen.getByRole('combobox').getAttribute('aria-activedescendant') ?? '')
    expect(active()).toHaveTextContent('Jérôme Lefèvre')
    await user.keyboard('{ArrowDown}')
    expect(active()).toHaveTextContent('Élodie Garçon')
    await user.keyboard('{Enter}')
    expect(screen.getByRole('button', { name: 'Retirer Élodie Garçon' })).toBeVisible()
    expect(screen.getByRole('combobox')).toHaveFocus()
    await user.keyboard('{Enter}')
    expect(onPerson.mock.calls).toEqual([[elodie]])
    expect(onGroup).not.toHaveBeenCalled()
  })

  test('several people give a group with a title', async () => {
    const user = await show()
    await user.click(screen.getByRole('option', { name: /Jérôme/ }))
    await user.type(screen.getByRole('combobox'), 'él')
    await pass(300)
    expect(screen.queryByRole('option', { name: /Jérôme/ })).toBeNull()
    await user.click(screen.getByRole('option', { name: /Élodie/ }))
    await user.type(screen.getByRole('textbox', { name: 'Nom du groupe (facultatif)' }), ' Sortie ')
    await user.click(screen.getByRole('button', { name: 'Créer le groupe' }))
    await settled()
    expect(onGroup.mock.calls).toEqual([[[jerome.id, elodie.id], { title: 'Sortie' }]])
    expect(onStarted).toHaveBeenCalledWith(7)
  })

  test('removes the last person with Backspace', async () => {
    const user = await show()
    await user.keyboard('{Enter}{Backspace}')
    expect(screen.queryByRole('button', { name: /Retirer/ })).toBeNull()
    expect(screen.getByRole('button', { name: 'Démarrer la conversation' })).toBeDisabled()
  })
})
