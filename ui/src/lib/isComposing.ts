/** Whether the key belongs to an input method, as for accents or Chinese; in Safari the last one only has the code 229. */
export function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229
}
