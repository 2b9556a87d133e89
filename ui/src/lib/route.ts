import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { afterSteps, layersAtEntry, stepBack } from './layers'
import { isSamePlace, type Place } from './place'

/**
 * The current place: `/c/{id}` is a conversation, `/c/{id}?m={id}` a message in it, `/to/{id}` a person who is
 * written to for the first time, anything else the list. `isRenamed`: only the name of the current place changes.
 */
export function usePlaceRoute(): [Place | null, (place: Place | null, isRenamed?: boolean) => void] {
  const address = useSyncExternalStore(subscribe, currentAddress)
  const go = useCallback((place: Place | null, isRenamed = false) => {
    const target = addressOf(place)
    if (target === currentAddress()) return
    const isSame = place !== null && isSamePlace(place, placeOf(currentAddress()))
    // Going to the list is a step back in the history if that was the previous entry.
    if (isRenamed || isSame) rename(target)
    else if (place === null && hasComeFromList()) stepBack(() => 1 + layersAtEntry(), () => { replacePath(target) })
    else push({ fromList: window.location.pathname === '/' }, target)
  }, [])
  return [useMemo(() => placeOf(address), [address]), go]
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

/** What the link of a mail is for: `/reset-password/{token}` or `/confirm-address/{token}`. */
export function mailedLinkOf(path: string): { page: string; token: string } | null {
  const [, page, token] = /^\/(reset-password|confirm-address)\/([^/]+)\/?$/.exec(path) ?? []
  return page && token ? { page, token } : null
}

/** Null for the list, and for pages that aren't conversations. */
export function placeOf(address: string): Place | null {
  const [path = '', query] = address.split('?', 2)
  const [, kind, digits] = /^\/(c|to)\/(\d+)\/?$/.exec(path) ?? []
  const id = idOf(digits)
  if (id === null) return null
  if (kind === 'to') return { person: id }
  const message = idOf(new URLSearchParams(query).get('m'))
  return message === null ? { conversation: id } : { conversation: id, message }
}

function idOf(digits: string | null | undefined): number | null {
  const id = /^\d+$/.test(digits ?? '') ? Number(digits) : 0
  return Number.isSafeInteger(id) && id > 0 ? id : null
}

function currentAddress(): string {
  return window.location.pathname + window.location.search
}

function addressOf(place: Place | null): string {
  if (place === null) return '/'
  if ('person' in place) return `/to/${place.person}`
  return `/c/${place.conversation}${place.message ? `?m=${place.message}` : ''}`
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
