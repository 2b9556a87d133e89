/** What the browser's storage didn't take, as in some private windows or on a full disk: it lives as long as the page. */
const unstored = new Map<string, string>()

/** From localStorage, or from memory where there is none. */
export function readStored(key: string): string | null {
  const held = unstored.get(key)
  if (held !== undefined) return held
  try {
    return window.localStorage.getItem(key)
  } catch {
    return null
  }
}

/** The keys under which something is stored that begin so. */
export function storedKeys(beginning: string): string[] {
  let keys: string[] = []
  try {
    keys = Object.keys(window.localStorage)
  } catch {
    // There is none.
  }
  return [...new Set([...keys, ...unstored.keys()])].filter((key) => key.startsWith(beginning))
}

/** Hears what other tabs store; a null key: everything was cleared. Answers how to stop hearing. */
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
