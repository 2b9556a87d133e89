import { type ReactNode, useState } from 'react'
import { ConfirmDialog } from '../chat/ConversationPane'
import { useTranslation } from '../i18n/useTranslation'
import type { Me } from '../protocol/resources'
import { device } from './device'

interface AskedLeaveProps {
  me: Me
  onLeave: () => void
  children: (leave: () => void) => ReactNode
}

/**
 * Confirms a log-out while no conversation is shown. It only says how much would be lost: after an expired session
 * somebody else may be using the device.
 */
export function AskedLeave({ me, onLeave, children }: AskedLeaveProps) {
  const { t } = useTranslation()
  const [unsent, setUnsent] = useState(0)
  const ask = () => {
    void device.countUnsent(me.id).then((count) => {
      if (count > 0) setUnsent(count)
      else onLeave()
    })
  }
  return (
    <>
      {children(ask)}
      {unsent > 0 && (
        <ConfirmDialog
          title={t('leave.title')}
          text={t('leave.count', { count: unsent })}
          action={t('leave.erase')}
          onConfirm={onLeave}
          onClose={() => {
            setUnsent(0)
          }}
        />
      )}
    </>
  )
}
