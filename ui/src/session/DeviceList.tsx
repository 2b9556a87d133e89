import './second-factor.css'
import { Laptop, Smartphone, SquareTerminal } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { errorCode } from '../actions/apiCall'
import { type Device, fetchDevices, signOutDevice } from '../actions/deviceAction'
import { errorText } from '../i18n/errorText'
import { useSecurityTexts } from '../i18n/security/texts'
import { dayText } from '../i18n/time'
import { useToday } from '../i18n/useToday'
import { useTranslation } from '../i18n/useTranslation'

/** Where the person is logged in; each of the other devices can be signed out. */
export function DeviceList() {
  const { t: common } = useTranslation()
  const t = useSecurityTexts()
  const [devices, setDevices] = useState<Device[] | null>(null)
  const [notice, setNotice] = useState('')
  const [problem, setProblem] = useState('')
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    fetchDevices().then((all) => {
      // The one in front of the person first.
      setDevices([...all].sort((a, b) => Number(b.is_current) - Number(a.is_current)))
    }, () => {
      setProblem(t('unavailable'))
    })
  }, [t])
  const signOut = (device: Device) => {
    setNotice('')
    setProblem('')
    signOutDevice(device.id)
      // Somebody else may have signed it out already.
      .catch((error: unknown) => {
        if (errorCode(error) !== 'not_found') throw error
      })
      .then(
        () => {
          setDevices((before) => before?.filter(({ id }) => id !== device.id) ?? null)
          setNotice(t('signedOut'))
          list.current?.focus() // its button is gone
        },
        (error: unknown) => {
          setProblem(errorText(common, errorCode(error)))
        },
      )
  }
  return (
    <>
      <p className="profile-notice" role="status">
        {notice}
      </p>
      {problem && (
        <p className="alert" role="alert">
          {problem}
        </p>
      )}
      {devices && (
        <ul ref={list} className="devices" tabIndex={-1} aria-label={t('devices')}>
          {devices.map((device) => (
            <DeviceRow
              key={device.id}
              device={device}
              onSignOut={() => {
                signOut(device)
              }}
            />
          ))}
        </ul>
      )}
    </>
  )
}

const phones = ['iPhone', 'iPad', 'Android']

function DeviceRow({ device, onSignOut }: { device: Device; onSignOut: () => void }) {
  const t = useSecurityTexts()
  const { i18n } = useTranslation()
  const today = useToday()
  const Icon = device.system === '' ? SquareTerminal : phones.includes(device.system) ? Smartphone : Laptop
  const day = dayText(i18n.language, new Date(device.last_seen), today, { today: t('today'), yesterday: t('yesterday') })
  const name = useDeviceName(device)
  return (
    <li className="device">
      <Icon size={20} aria-hidden="true" />
      <p>
        <strong>{name}</strong>
        <span className="field-hint">{device.is_current ? t('current') : t('seen', { day })}</span>
      </p>
      {!device.is_current && (
        <button type="button" className="button" aria-label={t('signOutOf', { device: name })} onClick={onSignOut}>
          {t('signOut')}
        </button>
      )}
    </li>
  )
}

function useDeviceName({ browser, system }: Device): string {
  const t = useSecurityTexts()
  if (system === '') return browser ? t('program', { name: browser }) : t('unknownProgram')
  const known = browser || t('unknownBrowser')
  return system === '?' ? known : t('browserOn', { browser: known, system })
}
