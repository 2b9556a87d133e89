import { useEffect, useEffectEvent } from 'react'

/*
 * A layer over the page, such as a dialog, is an entry of the history: a phone's back gesture closes it
 * and leaves the page below as it is.
 */
interface Layer {
  close: () => void
}

const layers: Layer[] = []
let isListening = false
/** A requested step back that hasn't happened yet: until then the history is unchanged. */
let isStepping = false
/** That step removes the entries of closed layers: those that are open by then were opened since, and stay. */
let isSettling = false
/** To be called after that step. */
let afterStep: (() => void) | null = null
let timer = 0
/** A step back that has brought no event within this time, in milliseconds, was dropped by the browser. */
const stepWithin = 2_000
let stepTimer = 0

/**
 * A layer while it is mounted. `onBack` may leave it open, to ask first; without it the layer isn't an entry of
 * the history, so that going back skips it.
 */
export function useLayer(onBack?: () => void): void {
  const close = useEffectEvent(() => onBack?.())
  const closes = onBack !== undefined
  useEffect(() => {
    if (!closes) return
    const layer = {
      close: () => {
        close()
      },
    }
    listen()
    layers.push(layer)
    settleSoon()
    return () => {
      layers.splice(layers.indexOf(layer), 1)
      settleSoon()
    }
  }, [closes])
}

/** How many layers above the page the current history entry is. */
export function layersAtEntry(): number {
  return (window.history.state as { layer?: number } | null)?.layer ?? 0
}

/**
 * Goes back this many entries; if a step back is in progress, after it: `entries` is called then. `otherwise` is
 * called if the browser drops the step, as it may when it is busy.
 */
export function stepBack(entries: () => number, otherwise?: () => void): void {
  afterSteps(() => {
    isStepping = true
    window.clearTimeout(stepTimer)
    stepTimer = window.setTimeout(() => {
      isStepping = false
      otherwise?.()
      endStep()
    }, stepWithin)
    window.history.go(-entries())
  })
}

/** Calls `go` now, or after a step back in progress, which would otherwise leave the new page again. */
export function afterSteps(go: () => void): void {
  listen()
  if (isStepping) afterStep = go
  else go()
}

function listen(): void {
  if (isListening) return
  isListening = true
  window.addEventListener('popstate', () => {
    const closes = !isSettling
    endStep()
    if (closes) for (const layer of layers.slice(layersAtEntry()).reverse()) layer.close()
    settleSoon()
  })
}

function endStep(): void {
  window.clearTimeout(stepTimer)
  isStepping = isSettling = false
  const next = afterStep
  afterStep = null
  next?.()
}

/** Deferred, so that a layer that closes at the moment another one opens is one change. */
function settleSoon(): void {
  window.clearTimeout(timer)
  timer = window.setTimeout(settle)
}

/** Adds or removes history entries to match the open layers; going forward to a closed dialog does nothing. */
function settle(): void {
  if (isStepping) return
  const surplus = layersAtEntry() - layers.length
  if (surplus > 0) {
    isSettling = true
    stepBack(() => surplus)
  }
  for (let layer = layersAtEntry() + 1; layer <= layers.length; layer += 1) {
    window.history.pushState({ ...(window.history.state as object | null), layer }, '')
  }
}
