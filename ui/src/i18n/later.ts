import { frLater } from './frLater'
import { i18n } from './i18n'

/**
 * Adds the French texts that the first conversation doesn't need. Each part that shows some of them, and is itself
 * loaded when it is opened, calls this as it is loaded; other languages are in one file each.
 */
export function addLaterTexts(): void {
  i18n.add('fr', frLater)
}
