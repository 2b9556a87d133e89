import './keyList.css'
import { useHelpTexts } from '../i18n/help/texts'
import { isEnterLine } from '../lib/display'

/** The keyboard shortcuts. */
export function KeyList() {
  const t = useHelpTexts()
  const [ctrl, shift, enter] = [t('keys.ctrl'), t('keys.shift'), t('keys.enter')]
  const lines = [
    { keys: [ctrl, 'K'], text: t('keys.search') },
    { keys: ['?'], text: t('keys.help') },
    { keys: isEnterLine() ? [ctrl, enter] : [enter], text: t('keys.send') },
    { keys: isEnterLine() ? [enter] : [shift, enter], text: t('keys.line') },
    { keys: ['↑', '↓'], text: t('keys.move') },
    { keys: ['↑'], text: t('keys.last') },
    { keys: [t('keys.escape')], text: t('keys.close') },
  ]
  return (
    <dl className="keys">
      {lines.map(({ keys, text }) => (
        <div key={text}>
          <dt>{text}</dt>
          <dd dir="ltr">
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}
