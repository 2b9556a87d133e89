import { useTranslation as useTranslationOf } from 'react-i18next'
import { i18n } from './i18n'

const ours = { i18n }

/** The chat's texts, from the chat's own instance: a page around it may have another. */
export function useTranslation() {
  return useTranslationOf('translation', ours)
}
