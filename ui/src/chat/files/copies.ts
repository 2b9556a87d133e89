import { fetchAttachment } from '../../actions/attachmentAction'
import type { Language } from '../../i18n/i18n'
import { usualFiles } from '../../protocol/files'
import type { Attachment, Id } from '../../protocol/resources'
import type { OutgoingFile } from '../state/chatState'
import { chooseFiles } from './chooseFiles'

/**
 * Keeps copies of the files of a message on this device, to be uploaded with another one: a stored file belongs to one
 * message only. Rejects with an ApiError.
 */
export async function copyFiles(userId: Id, attachments: readonly Attachment[], language: Language): Promise<OutgoingFile[]> {
  const files = await Promise.all(attachments.map(async ({ id, name, type }) => new File([await fetchAttachment(id)], name, { type })))
  // The server has taken them before.
  const limits = { ...usualFiles, max_bytes: Infinity }
  const { chosen } = await chooseFiles({ userId, added: files, already: 0, limits, language })
  return chosen.map((file, index) => ({ ...file, duration: attachments[index]?.duration ?? 0 }))
}
