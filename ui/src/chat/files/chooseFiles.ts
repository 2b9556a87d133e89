import type { Language } from '../../i18n/i18n'
import { fileTextsIn } from '../../i18n/files/texts'
import { newClientId } from '../../lib/clientId'
import { excerpt, oneLine } from '../../lib/text'
import { maxAttachments, maxFileSize } from '../../protocol/limits'
import type { Id } from '../../protocol/resources'
import type { OutgoingFile } from '../state/chatState'
import { keepFile } from './fileStore'
import { sizeText } from './kinds'

/** Keeps files on this device until they are sent; `refused` says which of them can't be sent, and why. */
export async function chooseFiles(userId: Id, added: readonly File[], already: number, language: Language): Promise<{ chosen: OutgoingFile[]; refused: string[] }> {
  const t = fileTextsIn(language)
  const refused: string[] = []
  const fitting = added.filter((file) => {
    const name = excerpt(file.name, 60)
    if (file.size === 0) refused.push(t('empty', { name }))
    else if (file.size > maxFileSize) refused.push(t('tooLarge', { name, size: sizeText(language, file.size), limit: sizeText(language, maxFileSize) }))
    else return true
    return false
  })
  const room = Math.max(0, maxAttachments - already)
  if (fitting.length > room) refused.push(t('tooMany', { count: maxAttachments }))
  const chosen = await Promise.all(fitting.slice(0, room).map((file) => choose(userId, file)))
  return { chosen, refused }
}

async function choose(userId: Id, file: File): Promise<OutgoingFile> {
  const key = newClientId()
  const [size] = await Promise.all([sizeOf(file), keepFile(userId, key, file)])
  return { key, name: oneLine(file.name) || 'fichier', size: file.size, type: file.type, ...size }
}

/** Of a picture that the browser can show, turned as the camera was held. */
async function sizeOf(file: File): Promise<{ width: number; height: number } | null> {
  if (!file.type.startsWith('image/') || file.type.includes('svg')) return null
  const url = URL.createObjectURL(file)
  try {
    const picture = new Image()
    picture.src = url
    await picture.decode()
    return { width: picture.naturalWidth, height: picture.naturalHeight }
  } catch {
    return null
  } finally {
    URL.revokeObjectURL(url)
  }
}
