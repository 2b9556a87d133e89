/** Values that the browser's storage didn't accept, as in some private windows or on a full disk: they last as long as the page. */
const unstored = new Map<string, string>()

/** The prefix of every key, because a host page has keys of its own. */
const prefix = 'messagerie.'

/** Kinds of values that belong to one person, whose id follows in the key. */
const personalKinds = ['draft', 'intent', 'contacts', 'place', 'emoji'] as const
const personal = new RegExp(`^messagerie\\.(?:${personalKinds.join('|')})\\.(\\d+)`)

/** A key for something that belongs to one person, so that `keepStoredOf` can remove it. */
export function personalKey(kind: (typeof personalKinds)[number], userId: number, ...rest: (number | string)[]): string {
  return prefix + [kind, userId, ...rest].join('.')
}

/** From localStorage, or from memory if there is none. */
export function readStored(key: string): string | null {
  const held = unstored.get(key)
  if (held !== undefined) return held
  try {
    return window.localStorage.getItem(key)
  } catch {
    return null
  }
}

/** The stored keys with this prefix. */
export function storedKeys(beginning: string): string[] {
  return [...new Set([...keysOf(() => window.localStorage), ...unstored.keys()])].filter((key) => key.startsWith(beginning))
}

/** Calls `hear` with changes by other tabs; a null key means that everything was cleared. Returns a function that stops it. */
export function onStoredElsewhere(hear: (key: string | null, value: string | null) => void): () => void {
  const onStorage = ({ key, newValue }: StorageEvent) => {
    hear(key, newValue)
  }
  window.addEventListener('storage', onStorage)
  return () => {
    window.removeEventListener('storage', onStorage)
  }
}

/** Stores a value; null or an empty one removes it. */
export function writeStored(key: string, value: string | null): void {
  unstored.delete(key)
  try {
    if (value) window.localStorage.setItem(key, value)
    else window.localStorage.removeItem(key)
  } catch {
    if (value) unstored.set(key, value)
  }
}

/** From sessionStorage: per tab, kept over a reload. */
export function readInTab(key: string): string | null {
  try {
    return window.sessionStorage.getItem(key)
  } catch {
    return null
  }
}

/** Null removes it. Without storage nothing is stored. */
export function writeInTab(key: string, value: string | null): void {
  try {
    if (value === null) window.sessionStorage.removeItem(key)
    else window.sessionStorage.setItem(key, value)
  } catch {
    // Not essential.
  }
}

/** Removes the values of everybody but the owner, from this browser and this tab; all values if there is no owner. */
export function keepStoredOf(owner: number | null): void {
  const isForeign = (key: string) => {
    const userId = personal.exec(key)?.[1]
    return owner === null ? key.startsWith(prefix) : userId !== undefined && Number(userId) !== owner
  }
  for (const key of storedKeys(prefix).filter(isForeign)) writeStored(key, null)
  for (const key of keysOf(() => window.sessionStorage).filter(isForeign)) writeInTab(key, null)
}

/** Empty if the browser has no storage, or refuses access to it. */
function keysOf(storage: () => Storage): string[] {
  try {
    return Object.keys(storage())
  } catch {
    return []
  }
}
