import './serverNotice.css'
import { TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { fetchServerProblems } from '../actions/serverAction'
import { useAdminTexts } from '../i18n/admin/texts'

/** How often it asks; a mail tells the administration as well. */
const askEvery = 5 * 60_000

const causes = ['disk', 'backup', 'backup_place', 'mail', 'letters'] as const

/** Tells the administration what is wrong with the server, until it is hidden or over. */
export function ServerNotice() {
  const t = useAdminTexts()
  const found = useProblems()
  const [hidden, setHidden] = useState('')
  const shown = causes.filter((cause) => found.includes(cause))
  const key = shown.join(' ')
  if (shown.length === 0 || key === hidden) return null
  return (
    <aside className="server-notice" aria-label={t('server.label')}>
      <TriangleAlert size={20} aria-hidden="true" />
      <div role="status">
        <strong>{t('server.tell')}</strong>
        <ul>
          {shown.map((cause) => (
            <li key={cause}>{t(`server.${cause}`)}</li>
          ))}
        </ul>
      </div>
      <button
        type="button"
        className="button"
        onClick={() => {
          setHidden(key)
        }}
      >
        {t('server.hide')}
      </button>
    </aside>
  )
}

/** The causes of problems; none while the server can't be asked, which is shown elsewhere. */
function useProblems(): string[] {
  const [found, setFound] = useState<string[]>([])
  useEffect(() => {
    const abort = new AbortController()
    const ask = () => {
      fetchServerProblems({ signal: abort.signal }).then(
        (problems) => {
          setFound(problems.map((problem) => problem.cause))
        },
        () => undefined,
      )
    }
    ask()
    const timer = window.setInterval(ask, askEvery)
    return () => {
      abort.abort()
      window.clearInterval(timer)
    }
  }, [])
  return found
}
