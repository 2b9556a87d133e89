import { useTranslation } from '../i18n/useTranslation'

/**
 * The attributes of an outermost element: in the library the styles only apply within this class, and the
 * page around it may have another language and direction.
 */
export function useScope() {
  const { i18n } = useTranslation()
  return { className: 'messagerie', lang: i18n.language, dir: i18n.dir() }
}
