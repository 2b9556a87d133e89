import { useTranslation } from '../i18n/useTranslation'
import { chooseLanguage, isLanguage, type Language, languages } from '../i18n/i18n'
import { Select } from '../parts/Select'

export function LanguageSelect({ onChoose }: { onChoose?: (language: Language) => void }) {
  const { t, i18n } = useTranslation()
  return (
    <label className="select">
      <span>{t('account.language')}</span>
      <Select
        value={i18n.language}
        onChange={(event) => {
          const language = event.target.value
          if (!isLanguage(language)) return
          void chooseLanguage(language)
          onChoose?.(language)
        }}
      >
        {Object.entries(languages).map(([language, name]) => (
          <option key={language} value={language} lang={language}>
            {name}
          </option>
        ))}
      </Select>
    </label>
  )
}
