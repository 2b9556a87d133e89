import './admin.css'
import './rules/rules.css'
import '../parts/strip.css'
import '../parts/switch.css'
import { ArrowLeft, LockKeyhole } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { useAdminTexts } from '../i18n/admin/texts'
import { useTranslation } from '../i18n/useTranslation'
import { lazily } from '../lib/lazily'
import { useRulesTexts } from '../i18n/rules/texts'
import { PageLink } from '../parts/PageLink'
import { useCurrentInView } from '../parts/useCurrentInView'
import { Select } from '../parts/Select'
import type { Establishment, Id, Me } from '../protocol/resources'
import { ImportPage } from './import/ImportPage'
import { LettersPage } from './letters/LettersPage'
import { YearPage } from './year/YearPage'

const RulesPage = lazily(() => import('./rules/RulesPage').then((module) => module.RulesPage))
const HoursPage = lazily(() => import('./hours/HoursPage').then((module) => module.HoursPage))

interface AdminPagesProps {
  me: Me
  /** Undefined for people who belong to none. */
  establishment: Establishment | undefined
  onEstablishment: (id: Id) => void
  path: string
  /** False while the session has expired. */
  isActive: boolean
}

/** The pages, by how their paths begin; any other path shows the first one. */
const sections = [
  { path: '/admin/import', name: 'import', Page: ImportPage },
  { path: '/admin/letters', name: 'letters', Page: LettersPage },
  { path: '/admin/year', name: 'year', Page: YearPage },
  { path: '/admin/rules', name: 'rules', Page: RulesPage },
  { path: '/admin/hours', name: 'hours', Page: HoursPage },
] as const

/** What the administration of an establishment does here: its people, their letters, the end of the year, and who may write to whom and when. */
export function AdminPages({ me, establishment, onEstablishment, path, isActive }: AdminPagesProps) {
  const { t: common } = useTranslation()
  const t = useAdminTexts()
  const isAllowed = me.can?.administer === true
  const rules = useRulesTexts()
  const titles = {
    import: t('import.title'), letters: t('letters.title'), year: t('year.title'), rules: rules('title'), hours: rules('hours.title'),
  }
  const section = sections.find((one) => path.startsWith(one.path)) ?? sections[0]
  const row = useCurrentInView<HTMLElement>(section.name)
  const title = !isActive ? common('session.expired') : !isAllowed ? t('title') : titles[section.name]
  useEffect(() => {
    document.title = title
  }, [title])
  if (!isAllowed || !establishment) return <NotForYou />
  return (
    <Frame
      aside={
        <>
          <nav ref={row} className="admin-sections strip" aria-label={t('sections')}>
            {sections.map((one) => (
              <PageLink key={one.path} path={one.path} className="admin-section" aria-current={one === section ? 'page' : undefined}>
                {one.name === 'import' ? t('import.short') : titles[one.name]}
              </PageLink>
            ))}
          </nav>
          {me.establishments.length > 1 && (
            <label className="select admin-establishment">
              <span className="visually-hidden">{common('account.establishment')}</span>
              <Select
                value={establishment.id}
                onChange={(event) => {
                  onEstablishment(Number(event.target.value))
                }}
              >
                {me.establishments.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Select>
            </label>
          )}
        </>
      }
    >
      <section.Page key={establishment.id} establishment={establishment} path={path} />
    </Frame>
  )
}

function NotForYou() {
  const t = useAdminTexts()
  return (
    <Frame>
      <div className="admin-notice">
        <LockKeyhole size={40} strokeWidth={1.5} aria-hidden="true" />
        <h1>{t('notForYou')}</h1>
        <p>{t('notForYouHint')}</p>
      </div>
    </Frame>
  )
}

function Frame({ aside, children }: { aside?: ReactNode; children: ReactNode }) {
  const t = useAdminTexts()
  return (
    <div className="admin">
      <header className="admin-header">
        <PageLink path="/" className="icon-button" aria-label={t('back')} title={t('back')}>
          <ArrowLeft size={20} aria-hidden="true" />
        </PageLink>
        <p className="admin-brand">{t('title')}</p>
        {aside}
      </header>
      <div className="admin-page">{children}</div>
    </div>
  )
}
