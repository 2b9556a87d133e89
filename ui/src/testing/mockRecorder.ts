/** A browser's recorder, which hears what a test says. */
export class MockRecorder {
  static last: MockRecorder | null = null
  static isTypeSupported = (type: string) => type.startsWith('audio/webm')
  state: 'inactive' | 'recording' | 'paused' = 'inactive'
  ondataavailable: ((event: { data: Blob }) => void) | null = null
  onstop: (() => void) | null = null
  onerror: (() => void) | null = null
  readonly mimeType: string

  constructor(
    readonly stream: unknown,
    readonly options: MediaRecorderOptions,
  ) {
    this.mimeType = options.mimeType ?? ''
    MockRecorder.last = this
  }

  start() {
    this.state = 'recording'
  }
  pause() {
    this.state = 'paused'
  }
  resume() {
    this.state = 'recording'
  }
  stop() {
    this.state = 'inactive'
    this.ondataavailable?.({ data: new Blob(['sound']) })
    this.onstop?.()
  }
}
