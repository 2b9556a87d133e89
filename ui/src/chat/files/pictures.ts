import { useEffect, useState } from 'react'
import { fetchAttachment } from '../../actions/attachmentAction'
import type { Id } from '../../protocol/resources'

/*
 * Pictures are fetched like everything else, with the token in a header, and shown from memory: their addresses hold no
 * token that runs out, and a row that is scrolled back into view shows its picture at once.
 */

/** The pictures in memory; beyond that, those that were needed longest ago are dropped. */
const most = 150
const urls = new Map<string, string>()
const pending = new Map<string, Promise<string>>()

export interface Source {
  key: string
  load: () => Promise<Blob>
}

export function thumbnailOf(id: Id, hasThumbnail: boolean): Source {
  return { key: `small ${id}`, load: () => fetchAttachment(id, { isThumbnail: hasThumbnail }) }
}

export function wholeOf(id: Id): Source {
  return { key: `whole ${id}`, load: () => fetchAttachment(id) }
}

/** What was sent from here is shown without fetching it. */
export function adoptPicture(id: Id, blob: Blob): void {
  put(`small ${id}`, blob)
}

/** Keeps what was loaded elsewhere. */
export function hold(key: string, blob: Blob): void {
  if (!urls.has(key)) put(key, blob)
}

/** The address of a picture in memory; undefined if it isn't there. */
export function knownUrl(key: string): string | undefined {
  return urls.get(key)
}

export function urlOf({ key, load }: Source): Promise<string> {
  const known = urls.get(key)
  if (known) return Promise.resolve(put(key, known))
  const begun = pending.get(key)
  if (begun) return begun
  const loading = load()
    .then((blob) => put(key, blob))
    .finally(() => {
      pending.delete(key)
    })
  pending.set(key, loading)
  return loading
}

function put(key: string, content: Blob | string): string {
  const url = typeof content === 'string' ? content : URL.createObjectURL(content)
  urls.delete(key)
  urls.set(key, url)
  for (const [oldest, old] of urls) {
    if (urls.size <= most) break
    urls.delete(oldest)
    URL.revokeObjectURL(old)
  }
  return url
}

/** Undefined while it loads, null if it can't be loaded now; tried again when the browser is online again. */
export function usePicture(source: Source): string | null | undefined {
  const [loaded, setLoaded] = useState<{ key: string; url: string | null }>()
  const { key } = source
  useEffect(() => {
    let isOver = false
    const load = () => {
      urlOf(source).then(
        (url) => {
          if (!isOver) setLoaded({ key, url })
        },
        () => {
          if (!isOver) setLoaded({ key, url: null })
        },
      )
    }
    load()
    window.addEventListener('online', load)
    return () => {
      isOver = true
      window.removeEventListener('online', load)
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says what the source loads
  }, [key])
  return loaded?.key === key ? loaded.url : knownUrl(key)
}
