const size = 20
let context: CanvasRenderingContext2D | null | undefined

/**
 * Whether the device has a picture for an emoji: it is drawn as one, and in colours of its own. True where that can't be
 * found out.
 */
export function isShown(emoji: string): boolean {
  context ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!context) return true
  context.font = `${size}px system-ui, 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', sans-serif`
  context.textBaseline = 'top'
  const isOne = context.measureText(emoji).width < 1.5 * context.measureText('😀').width
  const picture = drawn(context, emoji, '#f00')
  // Some fonts leave out what they don't have.
  return isOne && /[1-9]/.test(picture) && picture === drawn(context, emoji, '#00f')
}

function drawn(on: CanvasRenderingContext2D, emoji: string, colour: string): string {
  on.clearRect(0, 0, size, size)
  on.fillStyle = colour
  on.fillText(emoji, 0, 0)
  return on.getImageData(0, 0, size, size).data.join()
}
