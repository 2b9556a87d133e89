import { useEffect, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { errorCode } from '../actions/apiCall'
import { changeProfile, fetchProfile } from '../actions/profileAction'
import { errorText } from '../i18n/errorText'
import { addLaterTexts } from '../i18n/later'
import type { Me } from '../protocol/resources'
import { DisplaySettings } from './DisplaySettings'
import { DeviceList } from './DeviceList'
import { LanguageSelect } from './LanguageSelect'
import { NewPasswordForm } from './NewPasswordForm'
import { NotificationSettings } from './NotificationSettings'
import { QuietSettings } from './QuietSettings'
import { SecondFactorSettings } from './SecondFactorSettings'

addLaterTexts()

interface ProfileSettingsProps {
  me: Me
  onChange: (fields: Partial<Me>) => void
  onPassword: (current: string, password: string) => Promise<void>
  onSignOutOthers: () => Promise<void>
}

/** The settings that people can change for their account and this device. */
export function ProfileSettings({ me, onChange, onPassword, onSignOutOthers }: ProfileSettingsProps) {
  const { t } = useTranslation()
  const [notice, setNotice] = useState('')
  const [problem, setProblem] = useState('')
  const [signOuts, setSignOuts] = useState(0)
  const attempt = (work: Promise<void>, done: string) => {
    setProblem('')
    setNotice('')
    work.then(
      () => {
        setNotice(done)
      },
      (error: unknown) => {
        setProblem(errorText(t, errorCode(error)))
      },
    )
  }
  return (
    <div className="profile">
      {/* Announces what was done, wherever the focus is in the form. */}
      <p className="profile-notice" role="status">
        {notice}
      </p>
      {problem && (
        <p className="alert" role="alert">
          {problem}
        </p>
      )}
      <LanguageSelect
        onChoose={(locale) => {
          onChange({ locale })
          attempt(changeProfile(me.id, { locale }), '')
        }}
      />
      {isSeenByRole(me) ? <p className="field-hint">{t('profile.emailSeen')}</p> : <ShowEmail me={me} onAttempt={attempt} />}
      <DisplaySettings />
      <NotificationSettings />
      {/* An older server has none. */}
      {me.quiet !== undefined && <QuietSettings me={me} onChange={onChange} />}
      <section className="profile-group" aria-labelledby="profile-password">
        <h3 id="profile-password">{t('profile.changePassword')}</h3>
        <NewPasswordForm
          asksCurrent
          takesFocus={false}
          onSubmit={async (current, password) => {
            setNotice('')
            await onPassword(current, password)
            setNotice(t('password.changed'))
          }}
        />
      </section>
      {me.second_factor && (
        <SecondFactorSettings
          state={me.second_factor}
          onChange={(state) => {
            onChange({ second_factor: state })
          }}
        />
      )}
      <section className="profile-group" aria-labelledby="profile-devices">
        <h3 id="profile-devices">{t('profile.devices')}</h3>
        <DeviceList key={signOuts} />
        <button
          type="button"
          className="button"
          onClick={() => {
            const signedOut = onSignOutOthers().then(() => {
              setSignOuts(signOuts + 1)
            })
            attempt(signedOut, t('profile.signedOut'))
          }}
        >
          {t('profile.signOutEverywhere')}
        </button>
      </section>
    </div>
  )
}

/** Everybody can see the addresses of staff, whatever they choose. */
function isSeenByRole({ role }: Me): boolean {
  return role === 'admin' || role === 'teacher' || role === 'staff'
}

function ShowEmail({ me, onAttempt }: { me: Me; onAttempt: (work: Promise<void>, done: string) => void }) {
  const { t } = useTranslation()
  const [isShown, setIsShown] = useState<boolean | null>(null)
  useEffect(() => {
    fetchProfile().then(
      (profile) => {
        setIsShown(profile.emailVisibility)
      },
      () => undefined,
    )
  }, [])
  const choose = async (emailVisibility: boolean) => {
    setIsShown(emailVisibility)
    await changeProfile(me.id, { emailVisibility }).catch((error: unknown) => {
      setIsShown(!emailVisibility)
      throw error
    })
  }
  return (
    <label className="option">
      <input
        type="checkbox"
        checked={isShown ?? false}
        disabled={isShown === null}
        aria-describedby="profile-show-email"
        onChange={(event) => {
          onAttempt(choose(event.target.checked), t('profile.saved'))
        }}
      />
      <span>
        {t('profile.showEmail')}
        <span id="profile-show-email" className="field-hint">
          {t('profile.showEmailHint')}
        </span>
      </span>
    </label>
  )
}
