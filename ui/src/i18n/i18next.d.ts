import type { fr } from './fr'

// A declaration file, which the library's types leave out: a host's keys are its own.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof fr }
  }
}
