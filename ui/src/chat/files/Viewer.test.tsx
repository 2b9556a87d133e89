import { act, fireEvent, render, screen } from '@testing-library/react'
import { shownAttachment } from './shownFile'
import { Viewer } from './Viewer'

// Missing in jsdom.
Object.assign(URL, { createObjectURL: () => 'blob:picture', revokeObjectURL: () => undefined })

jest.mock('../../actions/attachmentAction', () => ({ fetchAttachment: () => Promise.resolve(new Blob(['x'])) }))

const files = () =>
  ['cour.jpg', 'salle.jpg'].map((name, place) =>
    shownAttachment({ id: 31 + place, name, size: 3, type: 'image/jpeg', width: 800, height: 600, has_thumbnail: true }),
  )
const viewer = () => <Viewer pictures={files()} index={0} onClose={() => undefined} />

test('a step to the next picture stays made if the message is rendered again at the same moment', async () => {
  const { rerender } = render(viewer())
  const gallery = await screen.findByRole('region', { name: 'Photos du message' })
  await screen.findByText('cour.jpg')
  await act(async () => {
    fireEvent.keyDown(gallery, { key: 'ArrowRight' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    rerender(viewer())
  })
  expect(await screen.findByText('salle.jpg')).toBeInTheDocument()
  expect(screen.getByRole('img', { name: 'Photo 2 sur 2 : salle.jpg' })).toHaveAttribute('src', 'blob:picture')
})
