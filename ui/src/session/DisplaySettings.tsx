import { useState } from 'react'
import { useHelpTexts } from '../i18n/help/texts'
import { displayChoices, type DisplayName, isEnterLine, readDisplay, storeDisplay, storeEnterLine } from '../lib/display'
import { Select } from '../parts/Select'

/** How the page looks and what Enter does, on this device. */
export function DisplaySettings() {
  const t = useHelpTexts()
  const [isLine, setIsLine] = useState(isEnterLine)
  return (
    <section className="profile-group" aria-labelledby="profile-display">
      <h3 id="profile-display">{t('display.title')}</h3>
      <DisplaySelect name="theme" />
      <DisplaySelect name="text" />
      <label className="select">
        <span>{t('display.enter.label')}</span>
        <Select
          value={isLine ? 'line' : 'send'}
          aria-describedby="profile-enter"
          onChange={(event) => {
            storeEnterLine(event.target.value === 'line')
            setIsLine(event.target.value === 'line')
          }}
        >
          <option value="send">{t('display.enter.send')}</option>
          <option value="line">{t('display.enter.line')}</option>
        </Select>
      </label>
      <p id="profile-enter" className="field-hint">
        {t('display.enterHint')}
      </p>
    </section>
  )
}

function DisplaySelect<N extends DisplayName>({ name }: { name: N }) {
  const t = useHelpTexts()
  const [chosen, setChosen] = useState(() => readDisplay(name))
  return (
    <label className="select">
      <span>{t(`display.${name}.label`)}</span>
      <Select
        value={chosen}
        onChange={(event) => {
          const choice = displayChoices[name].find((one) => one === event.target.value)
          if (!choice) return
          storeDisplay(name, choice)
          setChosen(choice)
        }}
      >
        {displayChoices[name].map((one) => (
          <option key={one} value={one}>
            {t(`display.${name}.${one}` as 'display.theme.system')}
          </option>
        ))}
      </Select>
    </label>
  )
}
