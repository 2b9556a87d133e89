import { Fragment } from 'react'
import { useHelpTexts } from '../../i18n/help/texts'
import { DocumentLink } from './DocumentLink'

const topics = ['write', 'act', 'find', 'mute', 'quiet', 'readers', 'trouble'] as const

export function UseText() {
  const t = useHelpTexts()
  return (
    <>
      {topics.map((topic) => (
        <Fragment key={topic}>
          <h3>{t(`use.${topic}.title`)}</h3>
          <p>{t(`use.${topic}.text`)}</p>
        </Fragment>
      ))}
      <DocumentLink href="/aide/">{t('more')}</DocumentLink>
    </>
  )
}
