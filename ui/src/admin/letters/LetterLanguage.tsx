import { useAdminTexts } from '../../i18n/admin/texts'
import { isLanguage, type Language, languages } from '../../i18n/i18n'
import { Select } from '../../parts/Select'

/** The language of the letters, whatever the page's. */
export function LetterLanguage({ value, onChange }: { value: Language; onChange: (language: Language) => void }) {
  const t = useAdminTexts()
  return (
    <label className="select">
      <span>{t('letters.language')}</span>
      <Select
        value={value}
        onChange={(event) => {
          if (isLanguage(event.target.value)) onChange(event.target.value)
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
