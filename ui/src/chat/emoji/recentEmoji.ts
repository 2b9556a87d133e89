import { personalKey, readStored, writeStored } from '../../lib/storage'
import type { Id } from '../../protocol/resources'
import { tones } from './emojiData'

const most = 27

/** The emoji that a person has chosen on this device, last first. */
export function recentEmoji(userId: Id): string[] {
  return readStored(personalKey('emoji', userId, 'recent'))?.split(' ') ?? []
}

export function noteEmoji(userId: Id, emoji: string): void {
  const others = recentEmoji(userId).filter((one) => one !== emoji)
  writeStored(personalKey('emoji', userId, 'recent'), [emoji, ...others].slice(0, most).join(' '))
}

/** The skin tone that a person has chosen on this device. */
export function preferredTone(userId: Id): (typeof tones)[number] {
  const stored = readStored(personalKey('emoji', userId, 'tone'))
  return tones.find((tone) => tone === stored) ?? 'none'
}

export function storeTone(userId: Id, tone: (typeof tones)[number]): void {
  writeStored(personalKey('emoji', userId, 'tone'), tone === 'none' ? null : tone)
}
