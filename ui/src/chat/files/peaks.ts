import { useEffect, useState } from 'react'
import { hold, knownUrl, type Source } from './pictures'

/*
 * The form of a sound, measured from the sound itself: the server stores none. Voice messages are small and are loaded
 * as soon as they are in sight, like pictures, so that they play at once; what is larger is a plain line, and is loaded
 * as it plays.
 */

const count = 40
/** What is loaded and decoded without being asked for, in bytes and seconds. */
const most = { size: 600_000, length: 600 }
/** Enough for its form, in a twelfth of the memory. */
const sampleRate = 8_000

/** Null of what this browser can't decode. */
const known = new Map<string, readonly number[] | null>()

export interface Measured {
  source: Source
  size: number
  length: number
}

/** From 0 to 1; null where there are none. */
export function usePeaks({ source, size, length }: Measured): readonly number[] | null {
  const { key } = source
  const [peaks, setPeaks] = useState<{ key: string; peaks: readonly number[] | null }>()
  const isWanted = size <= most.size && length > 0 && length <= most.length && !savesData()
  useEffect(() => {
    if (!isWanted || (known.has(key) && knownUrl(key))) return
    let isOver = false
    source
      .load()
      .then(async (blob) => {
        hold(key, blob)
        const measured = await peaksOf(blob).catch(() => null)
        known.set(key, measured)
        if (!isOver) setPeaks({ key, peaks: measured })
      })
      .catch(() => undefined)
    return () => {
      isOver = true
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says what the source loads
  }, [key, isWanted])
  return peaks?.key === key ? peaks.peaks : (known.get(key) ?? null)
}

/** Somebody pays for each megabyte. Not in every browser. */
function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true
}

async function peaksOf(blob: Blob): Promise<readonly number[]> {
  const decoder = new OfflineAudioContext(1, 1, sampleRate)
  return peaksIn((await decoder.decodeAudioData(await blob.arrayBuffer())).getChannelData(0))
}

/** The loudness of each part, relative to the loudest. */
export function peaksIn(samples: Float32Array): readonly number[] {
  const loudness = Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * samples.length) / count)
    const to = Math.max(from + 1, Math.floor(((index + 1) * samples.length) / count))
    let sum = 0
    for (let at = from; at < to; at += 1) sum += (samples[at] ?? 0) ** 2
    return Math.sqrt(sum / (to - from))
  })
  const loudest = Math.max(...loudness, 0.001)
  return loudness.map((one) => one / loudest)
}
