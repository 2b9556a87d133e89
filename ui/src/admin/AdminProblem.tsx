import { ApiError, errorCode } from '../actions/apiCall'
import { useAdminTexts } from '../i18n/admin/texts'
import { errorText } from '../i18n/errorText'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'

addLaterTexts()

/** Codes for which these pages know better than everywhere what to do. */
const own = [
  'plan_outdated', 'too_large', 'network', 'not_found', 'forbidden', 'not_a_student', 'not_a_teacher', 'already_enrolled', 'own_guardian',
] as const

/** Why a request was refused or failed, and what to do. */
export function AdminProblem({ error }: { error: unknown }) {
  const { t: common } = useTranslation()
  const t = useAdminTexts()
  const code = errorCode(error)
  const known = own.find((one) => one === code)
  return (
    <div className="alert" role="alert">
      {code === 'unreadable_file' ? <UnreadableFile error={error} /> : <p>{known ? t(`error.${known}`) : waiting(error) ?? errorText(common, code)}</p>}
    </div>
  )

  function waiting(problem: unknown): string | undefined {
    const seconds = problem instanceof ApiError && problem.status === 429 ? problem.retryAfter : null
    return seconds === null ? undefined : common('login.tooManyFor', { count: seconds })
  }
}

/** The server says, in French, which file it is, where it became unreadable, and why. */
function UnreadableFile({ error }: { error: unknown }) {
  const t = useAdminTexts()
  const { file = '', line = 0, column = 0, reason = '' } = error instanceof ApiError ? (error.data as UnreadableData) : {}
  const place = [file, line > 0 && t('plan.line', { line }), column > 0 && t('plan.column', { column })].filter(Boolean).join(', ')
  return (
    <>
      <p>{place && reason ? t('error.unreadable_named', { file: place, reason }) : t('error.unreadable_file')}</p>
      <p>{t('error.unreadable_hint')}</p>
    </>
  )
}

interface UnreadableData {
  file?: string
  line?: number
  column?: number
  reason?: string
}
