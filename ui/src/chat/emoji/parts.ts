import { lazily } from '../../lib/lazily'

/* What is loaded with the first choice of an emoji, its data too. Other folders import this file and EmojiButton. */

export const EmojiPopup = lazily(() => import('./EmojiPopup').then((module) => module.EmojiPopup))
export const ComposerEmoji = lazily(() => import('./ComposerEmoji').then((module) => module.ComposerEmoji))
