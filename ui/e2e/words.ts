import { ar as adminAr } from '../src/i18n/admin/ar'
import { en as adminEn } from '../src/i18n/admin/en'
import { fr as adminFr } from '../src/i18n/admin/fr'
import { ar } from '../src/i18n/ar'
import { en } from '../src/i18n/en'
import { fr as frFirst } from '../src/i18n/fr'
import { frLater } from '../src/i18n/frLater'
import { ar as helpAr } from '../src/i18n/help/ar'
import { en as helpEn } from '../src/i18n/help/en'
import { fr as helpFr } from '../src/i18n/help/fr'
import { ar as rulesAr } from '../src/i18n/rules/ar'
import { en as rulesEn } from '../src/i18n/rules/en'
import { fr as rulesFr } from '../src/i18n/rules/fr'
import { ar as scheduleAr } from '../src/i18n/schedule/ar'
import { en as scheduleEn } from '../src/i18n/schedule/en'
import { fr as scheduleFr } from '../src/i18n/schedule/fr'
import type { SameKeys, Translation } from '../src/i18n/translation'
import { ar as welcomeAr } from '../src/i18n/welcome/ar'
import { en as welcomeEn } from '../src/i18n/welcome/en'
import { fr as welcomeFr } from '../src/i18n/welcome/fr'

/** The client's texts, by which tests find elements. */
export type Words = Translation & {
  admin: SameKeys<typeof adminFr>
  help: SameKeys<typeof helpFr>
  rules: SameKeys<typeof rulesFr>
  schedule: SameKeys<typeof scheduleFr>
  welcome: SameKeys<typeof welcomeFr>
}

export const dictionaries = {
  fr: { ...french(), admin: adminFr, help: helpFr, rules: rulesFr, schedule: scheduleFr, welcome: welcomeFr },
  en: { ...en, admin: adminEn, help: helpEn, rules: rulesEn, schedule: scheduleEn, welcome: welcomeEn },
  ar: { ...ar, admin: adminAr, help: helpAr, rules: rulesAr, schedule: scheduleAr, welcome: welcomeAr },
} satisfies Record<string, Words>
export type Language = keyof typeof dictionaries

/** Some groups have texts in both files. */
function french(): Translation {
  const groups: Record<string, object> = { ...frFirst }
  for (const [name, texts] of Object.entries(frLater)) groups[name] = { ...groups[name], ...texts }
  return groups as unknown as Translation
}

/** A text as a pattern, with anything in place of its placeholders. */
export function anyOf(text: string): RegExp {
  const parts = text.split(/\{\{\w+\}\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}
