import { useSyncExternalStore } from 'react'

/*
 * The page has one element for all sounds: one plays at a time, and it goes on while its message is scrolled out of
 * sight.
 */

export interface SoundSource {
  key: string
  /** In seconds; 0 if only the browser can tell. */
  length: number
  /** `isNew`: the last address was refused. */
  address: (isNew: boolean) => Promise<string>
}

export interface SoundState {
  status: 'still' | 'loading' | 'playing' | 'failed'
  /** In seconds. */
  at: number
  length: number
}

const still: SoundState = { status: 'still', at: 0, length: 0 }

export const rates = [1, 1.5, 2] as const

let element: HTMLAudioElement | null = null
let current: SoundSource | null = null
/** The key of the sound whose address the element has. */
let loaded: string | null = null
/** It is to play as soon as it can: it wasn't paused while it was loaded. */
let isWanted = false
/** Of every sound that was heard, or moved within. */
const states = new Map<string, SoundState>()
let rate: number = rates[0]
/** The address was asked for again: a second error is shown. */
let wasRenewed = false
/** What a browser records has no length in its head: the element learns it at its end. */
let isMeasuring = false
const listeners = new Set<() => void>()
/** Pauses the recording in progress, which would hear what is played. */
let pauseRecording: (() => void) | null = null

function set(key: string, change: Partial<SoundState>): void {
  states.set(key, { ...stateOf(key), ...change })
  for (const listener of listeners) listener()
}

function stateOf(key: string): SoundState {
  return states.get(key) ?? still
}

export function useSound(key: string): SoundState {
  return useSyncExternalStore(subscribe, () => stateOf(key), () => still)
}

export function useRate(): number {
  return useSyncExternalStore(subscribe, () => rate, () => rate)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Plays on from where it was left, and stops every other sound, film and recording. */
export function playSound(source: SoundSource): void {
  pauseFilms()
  pauseRecording?.()
  const isCurrent = current?.key === source.key && stateOf(source.key).status !== 'failed'
  if (!isCurrent) pauseSound()
  isWanted = true
  set(source.key, { status: 'loading', length: stateOf(source.key).length || source.length })
  if (!isCurrent) {
    current = source
    wasRenewed = false
    void load(source, false)
  } else if (element && loaded === source.key) resume(element)
}

async function load(source: SoundSource, isNew: boolean): Promise<void> {
  try {
    const url = await source.address(isNew)
    if (current !== source) return
    const player = (element ??= newElement())
    isMeasuring = false
    loaded = source.key
    player.src = url
    if (isWanted) resume(player)
  } catch {
    if (current === source) set(source.key, { status: 'failed' })
  }
}

function resume(player: HTMLAudioElement): void {
  player.playbackRate = rate
  player.play().then(
    () => {
      if (current && !isMeasuring && !player.paused) set(current.key, { status: 'playing' })
    },
    // It was paused before it had begun; errors come as events.
    () => undefined,
  )
}

/** Pauses what is playing, if anything is. */
export function pauseSound(): void {
  isWanted = false
  if (!current) return
  element?.pause()
  if (stateOf(current.key).status !== 'failed') set(current.key, { status: 'still' })
}

/** Before a film plays. */
export function pauseForFilm(film: HTMLVideoElement): void {
  pauseSound()
  pauseFilms(film)
  pauseRecording?.()
}

/** Before something is recorded: nothing plays, and what begins to play calls `pause`. */
export function pauseForRecording(pause: () => void): void {
  pauseSound()
  pauseFilms()
  pauseRecording = pause
}

export function endRecording(pause: () => void): void {
  if (pauseRecording === pause) pauseRecording = null
}

function pauseFilms(except?: HTMLVideoElement): void {
  for (const film of document.querySelectorAll('video')) if (film !== except) film.pause()
}

/** Forgets a sound that nobody can see any more. */
export function dropSound(key: string): void {
  if (current?.key === key) {
    pauseSound()
    element?.removeAttribute('src')
    current = null
    loaded = null
  }
  states.delete(key)
}

export function seekSound(source: SoundSource, at: number): void {
  const { length } = stateOf(source.key)
  const place = Math.max(0, Math.min(at, length || source.length))
  set(source.key, { at: place, length: length || source.length })
  if (current?.key === source.key && element && element.readyState > 0 && !isMeasuring) element.currentTime = place
}

/** The next speed, for all sounds. */
export function changeRate(): void {
  const next = rates.findIndex((one) => one === rate) + 1
  rate = rates[next % rates.length] ?? rates[0]
  if (element) element.playbackRate = rate
  for (const listener of listeners) listener()
}

function newElement(): HTMLAudioElement {
  const player = new Audio()
  const on = (name: keyof HTMLMediaElementEventMap, act: (source: SoundSource) => void) => {
    player.addEventListener(name, () => {
      if (current) act(current)
    })
  }
  on('loadedmetadata', ({ key }) => {
    player.playbackRate = rate
    isMeasuring = !Number.isFinite(player.duration)
    if (isMeasuring) player.currentTime = Number.MAX_SAFE_INTEGER
    else begin(player, key)
  })
  on('durationchange', ({ key }) => {
    if (!isMeasuring || !Number.isFinite(player.duration)) return
    isMeasuring = false
    begin(player, key)
    if (isWanted) resume(player)
  })
  on('playing', ({ key }) => {
    if (!isMeasuring) set(key, { status: 'playing' })
  })
  on('timeupdate', ({ key }) => {
    if (!isMeasuring && !player.seeking && stateOf(key).status === 'playing') set(key, { at: player.currentTime })
  })
  on('pause', ({ key }) => {
    if (!isMeasuring && stateOf(key).status === 'playing') set(key, { status: 'still' })
  })
  on('ended', ({ key }) => {
    if (!isMeasuring) set(key, { status: 'still', at: 0 })
  })
  on('error', (source) => {
    if (!player.hasAttribute('src')) return
    if (wasRenewed) {
      set(source.key, { status: 'failed' })
      return
    }
    wasRenewed = true
    void load(source, true)
  })
  return player
}

/** Goes to where it was left. */
function begin(player: HTMLAudioElement, key: string): void {
  const { at } = stateOf(key)
  set(key, { length: player.duration })
  player.currentTime = at < player.duration ? at : 0
}
