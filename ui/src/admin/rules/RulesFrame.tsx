import { LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { useRulesTexts } from '../../i18n/rules/texts'
import type { Rules } from '../../protocol/rules'
import { AdminProblem } from '../AdminProblem'
import type { RulesHandle } from './useRules'

interface RulesFrameProps {
  title: string
  intro: string
  handle: RulesHandle
  children: (rules: Rules) => ReactNode
}

/** A page about the rules, once they are loaded. */
export function RulesFrame({ title, intro, handle, children }: RulesFrameProps) {
  const t = useRulesTexts()
  const { load, reload } = handle
  return (
    <>
      <header className="admin-title">
        <h1>{title}</h1>
        <p>{intro}</p>
      </header>
      {load.status === 'loading' && (
        <p className="panel-status" role="status">
          <LoaderCircle className="spinner" size={18} aria-hidden="true" /> {t('loading')}
        </p>
      )}
      {load.status === 'failed' && (
        <>
          <AdminProblem error={load.error} />
          <div>
            <button type="button" className="button" onClick={reload}>
              {t('retry')}
            </button>
          </div>
        </>
      )}
      {load.status === 'ready' && children(load.rules)}
    </>
  )
}
