/* Voice messages are sounds that were recorded here: their names say so, in every language. */

/** What a browser may record, the best first: every browser plays the first, and older iPhones no WebM. */
const recorded = ['audio/mp4;codecs=mp4a.40.2', 'audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4', 'audio/webm']

/** Undefined: the browser's own choice. */
export function recordedType(isSupported: (type: string) => boolean): string | undefined {
  return recorded.find(isSupported)
}

const extensions: [RegExp, string][] = [
  [/^audio\/mp4|^video\/mp4/, '.m4a'],
  [/^audio\/ogg/, '.ogg'],
]

/** « message-vocal-2026-11-30-20h05.m4a », in the time of this device. */
export function voiceName(type: string, at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  const extension = extensions.find(([pattern]) => pattern.test(type))?.[1] ?? '.webm'
  return `message-vocal-${day}-${two(at.getHours())}h${two(at.getMinutes())}${extension}`
}

export function isVoice({ name, type }: { name: string; type: string }): boolean {
  return type.startsWith('audio/') && /^message-vocal-\d{4}-\d\d-\d\d-\d\dh\d\d\.\w+$/.test(name)
}
