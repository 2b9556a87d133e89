import type { fr as admin } from './admin/fr'
import type { fr as emoji } from './emoji/fr'
import type { fr as files } from './files/fr'
import type { fr as help } from './help/fr'
import type { fr as message } from './message/fr'
import type { fr as provider } from './provider/fr'
import type { fr as rules } from './rules/fr'
import type { fr as schedule } from './schedule/fr'
import type { fr as security } from './security/fr'
import type { French } from './translation'
import type { fr as welcome } from './welcome/fr'

// A declaration file, which the library's types leave out: a host's keys are its own.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: French; admin: typeof admin; emoji: typeof emoji; files: typeof files; help: typeof help; message: typeof message; provider: typeof provider; rules: typeof rules; schedule: typeof schedule; security: typeof security; welcome: typeof welcome }
  }
}
