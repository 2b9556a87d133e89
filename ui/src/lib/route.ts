import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { afterSteps, layersAtEntry, stepBack } from './layers'
import type { Place } from './place'

/**
 * Where one is: `/c/{id}` is a conversation, `/to/{id}` a person to whom one writes for the first time,
 * anything else the list. `isSamePlace`: one is there already, under another name.
 */
export function usePlaceRoute(): [Place | null, (place: Place | null, isSamePlace?: boolean) => void] {
  const path = useSyncExternalStore(subscribe, () => window.location.pathname)
  const go = useCallback((place: Place | null, isSamePlace = false) => {
    const target = addressOf(place)
    if (target === window.location.pathname) return
    // Back to the list is a step back in the history where one came from there.
    if (isSamePlace) rename(target)
    else if (place === null && hasComeFromList()) stepBack(() => 1 + layersAtEntry())
    else push({ fromList: window.location.pathname === '/' }, target)
  }, [])
  return [useMemo(() => placeOf(path), [path]), go]
}

/** The address as it is now, for the pages that aren't conversations. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname)
}

export function goTo(path: string): void {
  push(null, path)
}

/** A page that one goes to from a dialog takes its place in the history. */
function push(state: object | null, path: string): void {
  afterSteps(() => {
    if (layersAtEntry() > 0) window.history.replaceState(state, '', path)
    else window.history.pushState(state, '', path)
    announce()
  })
}

/** Replaces the current entry of the history, and the state that dialogs have left in it. */
export function replacePath(path: string): void {
  afterSteps(() => {
    window.history.replaceState(null, '', path)
    announce()
  })
}

/** The way back stays what it was. */
function rename(path: string): void {
  window.history.replaceState(window.history.state, '', path)
  announce()
}

/** The token of a link out of a letter: `/reset-password/{token}`. */
export function resetTokenOf(path: string): string | null {
  return /^\/reset-password\/([^/]+)\/?$/.exec(path)?.[1] ?? null
}

/** Null for the list, and for the pages that aren't conversations. */
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

// pushState tells nobody.
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
