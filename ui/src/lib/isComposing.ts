/** The key is an input method's, which puts together accents or Chinese; Safari says so of the last one by the code 229 alone. */
export function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229
}
