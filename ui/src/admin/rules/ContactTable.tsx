import { useState } from 'react'
import { changeRules, previewRules } from '../../actions/rulesAction'
import { useRulesTexts } from '../../i18n/rules/texts'
import { Select } from '../../parts/Select'
import { type Id, type Role, roles } from '../../protocol/resources'
import { type ContactRule, contactRules, type PairRule, type Rules, type RulesChange, type RulesPreview } from '../../protocol/rules'
import { AdminProblem } from '../AdminProblem'
import { PreviewDialog } from './PreviewDialog'

interface ContactTableProps {
  establishmentId: Id
  rules: Rules
  onSaved: (rules: Rules) => void
}

type Progress =
  | { status: 'editing' }
  | { status: 'asking' }
  | { status: 'previewed'; preview: RulesPreview }
  | { status: 'saved' }
  | { status: 'failed'; error: unknown }

const ages = ['13', '15', '16', '18']

/** The table of the rules, role by role; a change is shown with what it would close before it is saved. */
export function ContactTable({ establishmentId, rules, onSaved }: ContactTableProps) {
  const t = useRulesTexts()
  const [change, setChange] = useState<RulesChange>({})
  const [progress, setProgress] = useState<Progress>({ status: 'editing' })
  const contacts = change.contacts ?? rules.contacts
  const join = change.guardians_join ?? rules.guardians_join
  const isChanged = Object.keys(change).length > 0
  const alter = (next: RulesChange) => {
    setProgress({ status: 'editing' })
    setChange(withoutSame({ ...change, ...next }, rules))
  }
  const fail = (error: unknown) => {
    setProgress({ status: 'failed', error })
  }
  const preview = () => {
    setProgress({ status: 'asking' })
    previewRules(establishmentId, change).then((found) => { setProgress({ status: 'previewed', preview: found }) }, fail)
  }
  const save = () => {
    setProgress({ status: 'asking' })
    changeRules(establishmentId, change).then((saved) => {
      setChange({})
      setProgress({ status: 'saved' })
      onSaved(saved)
    }, fail)
  }
  return (
    <section className="panel" aria-label={t('title')}>
      <fieldset className="ways">
        <legend>{t('contacts')}</legend>
        {(['rules', 'open'] as const).map((one) => (
          <label key={one} className="option">
            <input type="radio" name="contacts" checked={contacts === one} onChange={() => { alter({ contacts: one }) }} />
            <span>{t(one === 'rules' ? 'byRules' : 'open')}</span>
          </label>
        ))}
        {contacts === 'open' && <p className="field-hint">{t('openHint')}</p>}
      </fieldset>
      {roles.map((from) => (
        <FromRole
          key={from}
          from={from}
          rules={rules.contact_rules.filter((pair) => pair.from_role === from)}
          ruleOf={(pair) => change.contact_rules?.find((one) => isSamePair(one, pair))?.rule ?? pair.rule}
          onRule={({ from_role, to_role }, rule) => {
            const others = change.contact_rules?.filter((one) => !isSamePair(one, { from_role, to_role })) ?? []
            alter({ contact_rules: [...others, { from_role, to_role, rule }] })
          }}
        />
      ))}
      <label className="rule-line">
        <span>
          <strong>{t('guardians')}</strong>
          <span className="field-hint">{t('guardiansHint')}</span>
        </span>
        <Select aria-label={t('guardians')} value={join} onChange={({ target }) => { alter({ guardians_join: target.value }) }}>
          {['never', ...new Set([...ages, join])].filter((age, index) => index === 0 || age !== 'never').map((age) => (
            <option key={age} value={age}>
              {age === 'never' ? t('guardiansNever') : t('guardiansBelow', { age })}
            </option>
          ))}
        </Select>
      </label>
      {progress.status === 'failed' && <AdminProblem error={progress.error} />}
      <p className="panel-status" role="status">
        {progress.status === 'saved' && t('saved')}
        {progress.status === 'asking' && t('previewing')}
      </p>
      <div className="panel-actions">
        <button type="button" className="button" disabled={!isChanged} onClick={() => { setChange({}); setProgress({ status: 'editing' }) }}>
          {t('undo')}
        </button>
        <button type="button" className="button is-primary" disabled={!isChanged || progress.status === 'asking'} onClick={preview}>
          {t('preview')}
        </button>
      </div>
      {progress.status === 'previewed' && (
        <PreviewDialog
          preview={progress.preview}
          onSave={save}
          onClose={() => {
            setProgress({ status: 'editing' })
          }}
        />
      )}
    </section>
  )
}

interface FromRoleProps {
  from: Role
  rules: PairRule[]
  ruleOf: (pair: PairRule) => ContactRule
  onRule: (pair: PairRule, rule: ContactRule) => void
}

/** One row of the table: to whom people of a role may write. */
function FromRole({ from, rules, ruleOf, onRule }: FromRoleProps) {
  const t = useRulesTexts()
  return (
    <fieldset className="rule-role">
      <legend>{t('may', { role: t(`role.${from}`) })}</legend>
      {rules.map((pair) => {
        const rule = ruleOf(pair)
        return (
          <label key={pair.to_role} className="rule-line">
            <span>
              {t(`to.${pair.to_role}`)} {rule !== pair.default_rule && <span className="badge">{t('changed')}</span>}
            </span>
            <Select
              aria-label={t('pair', { from: t(`role.${from}`), to: t(`to.${pair.to_role}`) })}
              value={rule}
              onChange={({ target }) => {
                onRule(pair, contactRules.find((one) => one === target.value) ?? rule)
              }}
            >
              {contactRules.map((one) => (
                <option key={one} value={one}>
                  {one === pair.default_rule && one !== rule ? t('default', { rule: t(`rule.${one}`) }) : t(`rule.${one}`)}
                </option>
              ))}
            </Select>
          </label>
        )
      })}
    </fieldset>
  )
}

function isSamePair(a: Pick<PairRule, 'from_role' | 'to_role'>, b: Pick<PairRule, 'from_role' | 'to_role'>): boolean {
  return a.from_role === b.from_role && a.to_role === b.to_role
}

/** Without what is as it was. */
function withoutSame({ contact_rules: pairs = [], ...change }: RulesChange, rules: Rules): RulesChange {
  const changed = pairs.filter((pair) => rules.contact_rules.find((one) => isSamePair(one, pair))?.rule !== pair.rule)
  const fields = Object.entries(change).filter(([name, value]) => rules[name as keyof Rules] !== value)
  return { ...Object.fromEntries(fields), ...(changed.length > 0 ? { contact_rules: changed } : {}) }
}
