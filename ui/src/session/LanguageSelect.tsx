import { useTranslation } from 'react-i18next'
import { chooseLanguage, isLanguage, languages } from '../i18n/i18n'

export function LanguageSelect() {
  const { t, i18n } = useTranslation()
  return (
    <label className="select">
      <span>{t('account.language')}</span>
      <select
        value={i18n.language}
        onChange={(event) => {
          if (isLanguage(event.target.value)) void chooseLanguage(event.target.value)
        }}
      >
        {Object.entries(languages).map(([language, name]) => (
          <option key={language} value={language} lang={language}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
