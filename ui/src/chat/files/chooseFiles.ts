import type { Language } from '../../i18n/i18n'
import { fileTextsIn } from '../../i18n/files/texts'
import { newClientId } from '../../lib/clientId'
import { excerpt, oneLine } from '../../lib/text'
import type { FileGroup, FileLimits } from '../../protocol/files'
import { maxAttachments } from '../../protocol/limits'
import type { Id } from '../../protocol/resources'
import type { OutgoingFile } from '../state/chatState'
import { keepFile } from './fileStore'
import { sizeText } from './kinds'

interface Choice {
  userId: Id
  added: readonly File[]
  /** How many the message has. */
  already: number
  limits: FileLimits
  language: Language
}

/** Keeps files on this device until they are sent; `refused` says which of them can't be sent, and why. */
export async function chooseFiles({ userId, added, already, limits, language }: Choice): Promise<{ chosen: OutgoingFile[]; refused: string[] }> {
  const t = fileTextsIn(language)
  const refused: string[] = []
  const fitting = added.filter((file) => {
    const name = excerpt(file.name, 60)
    if (file.size === 0) refused.push(t('empty', { name }))
    else if (!isTaken(file, limits)) refused.push(t('notTaken', { name }))
    else if (file.size > limits.max_bytes) refused.push(t('tooLarge', { name, size: sizeText(language, file.size), limit: sizeText(language, limits.max_bytes) }))
    else return true
    return false
  })
  const room = Math.max(0, maxAttachments - already)
  if (fitting.length > room) refused.push(t('tooMany', { count: maxAttachments }))
  const chosen = await Promise.all(fitting.slice(0, room).map((file) => choose(userId, file)))
  return { chosen, refused }
}

/** What the browser takes it for is enough to refuse some; the server looks at the content. */
function isTaken({ type }: File, { types }: FileLimits): boolean {
  const has = (...groups: FileGroup[]) => groups.some((group) => types.includes(group))
  if (type.startsWith('image/')) return has('pictures')
  // A film without pictures is a sound.
  if (type.startsWith('audio/') || type.startsWith('video/')) return has('audio', 'video')
  return type !== 'application/pdf' || has('pdf')
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
