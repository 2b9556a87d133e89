import { useState } from 'react'
import { urlOf } from './pictures'
import type { ShownFile } from './shownFile'

/** Fetches a file like everything else, with the token in a header, and hands it to the browser under its name. */
export function useDownload({ name, whole }: Pick<ShownFile, 'name' | 'whole'>): { state: 'ready' | 'running' | 'failed'; download: () => void } {
  const [state, setState] = useState<'ready' | 'running' | 'failed'>('ready')
  const download = () => {
    if (state === 'running') return
    setState('running')
    urlOf(whole).then(
      (url) => {
        save(url, name)
        setState('ready')
      },
      () => {
        setState('failed')
      },
    )
  }
  return { state, download }
}

export function save(url: string, name: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}
