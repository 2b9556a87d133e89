export const fileGroups = ['pictures', 'pdf', 'office', 'text', 'audio', 'video'] as const
export type FileGroup = (typeof fileGroups)[number]

/** What files messages may have. */
export interface FileLimits {
  /** Some of `fileGroups`, and of those that a later server may know; none: no files are taken. */
  types: string[]
  /** Of a file. */
  max_bytes: number
}

/** Where an older server doesn't say: the server's defaults. */
export const usualFiles: FileLimits = { types: [...fileGroups], max_bytes: 20 * 1024 * 1024 }
