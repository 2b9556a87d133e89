import type { Attachment, Id } from '../../protocol/resources'
import type { OutgoingFile } from '../state/chatState'
import { fileOf } from './fileStore'
import { type FileKind, kindOf } from './kinds'
import { type Source, thumbnailOf, wholeOf } from './pictures'
import { isVoice } from './voice'

/** At the end of a film's address: iOS shows nothing of a film but at a time. */
export const firstFrame = '#t=0.001'

/** A file of a message: a stored one, or one that is being sent. */
export interface ShownFile {
  key: string
  name: string
  size: number
  type: string
  width: number
  height: number
  /** Of a sound or a video, in seconds; 0 if unknown. */
  duration: number
  kind: FileKind
  /** Its picture. */
  small: Source
  whole: Source
  stored?: Attachment
  outgoing?: OutgoingFile
}

export function shownAttachment(stored: Attachment): ShownFile {
  const { id, width = 0, height = 0, duration = 0, has_thumbnail: hasThumbnail = false } = stored
  return { ...stored, width, height, duration, key: String(id), kind: kindOf(stored), small: thumbnailOf(id, hasThumbnail), whole: wholeOf(id), stored }
}

export function shownOutgoing(outgoing: OutgoingFile, userId: Id): ShownFile {
  const { key, width = 0, height = 0, duration = 0 } = outgoing
  const known = kindOf(outgoing)
  const kind = known === 'picture' || isVoice(outgoing) ? known : 'document'
  const source = localPicture(userId, key)
  return { ...outgoing, width, height, duration, kind, small: source, whole: source, outgoing }
}

/** A picture or a sound that is only on this device. */
export function localPicture(userId: Id, key: string): Source {
  const load = async () => {
    const blob = await fileOf(userId, key)
    if (!blob) throw new Error('no longer on this device')
    return blob
  }
  return { key, load }
}
