/**
 * Replaces what is selected, or the text from `start` up to the caret, as if it were typed. Where the field has the focus
 * this can be undone, if the browser allows that.
 */
export function insertText(field: HTMLTextAreaElement, text: string, start = field.selectionStart): void {
  const end = field.selectionEnd
  field.setSelectionRange(start, end)
  const { execCommand } = document as Partial<Document>
  if (document.activeElement === field && execCommand?.call(document, 'insertText', false, text)) return
  field.setRangeText(text, start, end, 'end')
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
