/** localStorage that may be full, forbidden or absent: then it forgets, and nothing breaks. */
export function readStored(key: string): string | null {
  try {
    return window.localStorage.getItem(key)
  } catch {
    return null
  }
}

/** Stores a value; null or an empty one removes it. */
export function writeStored(key: string, value: string | null): void {
  try {
    if (value) window.localStorage.setItem(key, value)
    else window.localStorage.removeItem(key)
  } catch {
    // Private browsing or a full disk: the value lives as long as the page.
  }
}
