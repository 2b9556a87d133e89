import { useEffect } from 'react'
import { AdminPages } from '../admin/AdminPages'
import { startLanguage } from '../i18n/i18n'
import type { Me } from '../protocol/resources'
import { ServerNotice } from './ServerNotice'
import { useEstablishment } from './useEstablishment'

interface AdminHomeProps {
  me: Me
  path: string
  isActive: boolean
}

/** The pages of the administration; they stay mounted while the session has expired. */
export function AdminHome({ me, path, isActive }: AdminHomeProps) {
  const [establishment, choose] = useEstablishment(me)
  useEffect(() => {
    void startLanguage(me.locale)
  }, [me.locale])
  return (
    <main className={isActive ? undefined : 'is-covered'}>
      {isActive && me.can?.administer && <ServerNotice />}
      <AdminPages me={me} establishment={establishment} onEstablishment={choose} path={path} isActive={isActive} />
    </main>
  )
}
