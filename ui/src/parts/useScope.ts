import { useTranslation } from '../i18n/useTranslation'

/**
 * What an outermost element carries: in the library the styles reach no further than this class,
 * and the page around may be in a language that runs another way.
 */
export function useScope() {
  const { i18n } = useTranslation()
  return { className: 'messagerie', lang: i18n.language, dir: i18n.dir() }
}
