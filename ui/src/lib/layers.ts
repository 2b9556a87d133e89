import { useEffect, useEffectEvent } from 'react'

/*
 * What lies over the page, as a dialog does, is a step of the history: the back gesture of a
 * phone takes it away and leaves what is below where it is.
 */
interface Layer {
  close: () => void
}

const layers: Layer[] = []
let isListening = false
/** A step back that was asked for and hasn't come about: the history tells nothing until then. */
let isStepping = false
/** What is to be done from where that step leads to. */
let afterStep: (() => void) | null = null
let timer = 0

/**
 * A layer for as long as it is mounted. `onBack` may leave it open, to ask first; without one
 * a step back passes what can't be closed by, and is no step of the history.
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

/** How many layers the present entry of the history lies above the page. */
export function layersAtEntry(): number {
  return (window.history.state as { layer?: number } | null)?.layer ?? 0
}

/** So many steps back; where one is under way already, from where that leads: `entries` is asked then. */
export function stepBack(entries: () => number): void {
  afterSteps(() => {
    isStepping = true
    window.history.go(-entries())
  })
}

/** Now; while a step back is under way, from where that leads: it would take one away from what is new. */
export function afterSteps(go: () => void): void {
  listen()
  if (isStepping) afterStep = go
  else go()
}

function listen(): void {
  if (isListening) return
  isListening = true
  window.addEventListener('popstate', () => {
    isStepping = false
    const next = afterStep
    afterStep = null
    next?.()
    for (const layer of layers.slice(layersAtEntry()).reverse()) layer.close()
    settleSoon()
  })
}

/** Later: what closes in the same moment as something else opens is one change. */
function settleSoon(): void {
  window.clearTimeout(timer)
  timer = window.setTimeout(settle)
}

/** Makes the history as high as what is open; the way forward to a closed dialog leads nowhere. */
function settle(): void {
  if (isStepping) return
  const surplus = layersAtEntry() - layers.length
  if (surplus > 0) stepBack(() => surplus)
  for (let layer = layersAtEntry() + 1; layer <= layers.length; layer += 1) {
    window.history.pushState({ ...(window.history.state as object | null), layer }, '')
  }
}
