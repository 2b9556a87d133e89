import './invitations.css'
import { useAdminTexts } from '../../i18n/admin/texts'

export type Medium = 'paper' | 'mail'

interface WayInProps {
  value: Medium
  onChange: (value: Medium) => void
  /** Whether the server sends mail; null while that isn't known. */
  sendsMail: boolean | null
}

/** On paper or by mail. Without a mail server the second one is explained, and can't be chosen. */
export function WayIn({ value, onChange, sendsMail }: WayInProps) {
  const t = useAdminTexts()
  return (
    <fieldset className="media" aria-label={t('invite.how')}>
      {(['paper', 'mail'] as const).map((medium) => {
        const isClosed = medium === 'mail' && sendsMail !== true
        return (
          <label key={medium} className="medium">
            <input
              type="radio"
              name="medium"
              checked={value === medium}
              disabled={isClosed}
              onChange={() => {
                onChange(medium)
              }}
            />
            <span className="medium-name">{t(`invite.${medium}`)}</span>
            <small>{t(medium === 'mail' && sendsMail === false ? 'invite.noMail' : `invite.${medium}Hint`)}</small>
          </label>
        )
      })}
    </fieldset>
  )
}
