import { createContext } from 'react'

/** True while the session has expired: dialogs opened before then are hidden, like the page they belong to. */
export const Covered = createContext(false)
