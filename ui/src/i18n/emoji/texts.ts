import { ownTexts } from '../ownTexts'
import { ar } from './ar'
import { en } from './en'
import { fr } from './fr'

export const [useEmojiTexts] = ownTexts('emoji', { fr, en, ar })
