/** Hands a text to the browser as a file to be stored. */
export function saveFile(parts: string[], type: string, name: string): void {
  const url = URL.createObjectURL(new Blob(parts, { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser may only begin to read it after this task.
  window.setTimeout(() => { URL.revokeObjectURL(url) }, 60_000)
}
