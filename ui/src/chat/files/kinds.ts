import { numberFormat } from '../../i18n/formats'

/** How a file is shown. */
export type FileKind = 'picture' | 'video' | 'sound' | 'document'

/** What every browser shows. */
const pictures = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif']

interface Described {
  type: string
  width?: number
  height?: number
  has_thumbnail?: boolean
}

/** A picture is shown as one if its size is known: nothing moves once it is loaded. */
export function kindOf({ type, width, height, has_thumbnail: hasThumbnail }: Described): FileKind {
  if (width && height && (hasThumbnail ? type.startsWith('image/') : pictures.includes(type))) return 'picture'
  if (type.startsWith('video/')) return 'video'
  return type.startsWith('audio/') ? 'sound' : 'document'
}

const documents: [RegExp, 'pdf' | 'text' | 'table' | 'slides' | 'archive'][] = [
  [/pdf/, 'pdf'],
  [/sheet|excel|csv/, 'table'],
  [/presentation|powerpoint/, 'slides'],
  [/zip|compressed|tar|7z|rar/, 'archive'],
  [/^text\/|word|opendocument\.text|rtf/, 'text'],
]

/** What a document is called. */
export function documentKind(type: string): 'picture' | 'video' | 'sound' | 'document' | (typeof documents)[number][1] {
  if (type.startsWith('image/')) return 'picture'
  if (type.startsWith('video/')) return 'video'
  if (type.startsWith('audio/')) return 'sound'
  return documents.find(([pattern]) => pattern.test(type))?.[1] ?? 'document'
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** « 1,2 Mo », « 35 ko ». */
export function sizeText(language: string, bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)))
  const value = bytes / 1024 ** power
  return numberFormat(language, {
    style: 'unit',
    unit: units[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 1 ? 1 : 0,
  }).format(value)
}
