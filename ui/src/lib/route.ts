import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { afterSteps, layersAtEntry, stepBack } from './layers'
import type { Place } from './place'

/**
 * The current place: `/c/{id}` is a conversation, `/to/{id}` a person who is written to for the first time,
 * anything else the list. `isSamePlace`: only the name of the current place changes.
 */
export function usePlaceRoute(): [Place | null, (place: Place | null, isSamePlace?: boolean) => void] {
  const path = useSyncExternalStore(subscribe, () => window.location.pathname)
  const go = useCallback((place: Place | null, isSamePlace = false) => {
    const target = addressOf(place)
    if (target === window.location.pathname) return
    // Going to the list is a step back in the history if that was the previous entry.
    if (isSamePlace) rename(target)
    else if (place === null && hasComeFromList()) stepBack(() => 1 + layersAtEntry())
    else push({ fromList: window.location.pathname === '/' }, target)
  }, [])
  return [useMemo(() => placeOf(path), [path]), go]
}

/** The current path, for pages that aren't conversations. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname)
}

export function goTo(path: string): void {
  push(null, path)
}

/** A page that is opened from a dialog replaces its history entry. */
function push(state: object | null, path: string): void {
  afterSteps(() => {
    if (layersAtEntry() > 0) window.history.replaceState(state, '', path)
    else window.history.pushState(state, '', path)
    announce()
  })
}

/** Replaces the current history entry, and the state that dialogs have left in it. */
export function replacePath(path: string): void {
  afterSteps(() => {
    window.history.replaceState(null, '', path)
    announce()
  })
}

/** Keeps the state for going back. */
function rename(path: string): void {
  window.history.replaceState(window.history.state, '', path)
  announce()
}

/** The token in the link of a mail: `/reset-password/{token}`. */
export function resetTokenOf(path: string): string | null {
  return /^\/reset-password\/([^/]+)\/?$/.exec(path)?.[1] ?? null
}

/** Null for the list, and for pages that aren't conversations. */
export function placeOf(path: string): Place | null {
  const [, kind, digits] = /^\/(c|to)\/(\d+)\/?$/.exec(path) ?? []
  const id = Number(digits)
  if (!Number.isSafeInteger(id) || id === 0) return null
  return kind === 'to' ? { person: id } : { conversation: id }
}

function addressOf(place: Place | null): string {
  if (place === null) return '/'
  return 'person' in place ? `/to/${place.person}` : `/c/${place.conversation}`
}

function hasComeFromList(): boolean {
  const state = window.history.state as { fromList?: boolean } | null
  return state?.fromList === true
}

const changed = 'messagerie:route'

// pushState triggers no event.
function announce(): void {
  window.dispatchEvent(new Event(changed))
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange)
  window.addEventListener(changed, onChange)
  return () => {
    window.removeEventListener('popstate', onChange)
    window.removeEventListener(changed, onChange)
  }
}
