import { act } from '@testing-library/react'

/** An upload that a test controls, in place of XMLHttpRequest. */
export class MockUpload {
  /** Every one since the test began. */
  static all: MockUpload[] = []

  static get last(): MockUpload {
    const upload = MockUpload.all.at(-1)
    if (!upload) throw new Error('nothing was uploaded')
    return upload
  }

  readonly upload: { onprogress: ((event: { loaded: number; total: number; lengthComputable: boolean }) => void) | null } = { onprogress: null }
  onload: (() => void) | null = null
  onerror: (() => void) | null = null
  onabort: (() => void) | null = null
  status = 0
  statusText = ''
  responseText = ''
  path = ''
  isAborted = false
  file: File | null = null

  open(_method: string, path: string): void {
    this.path = path
  }

  setRequestHeader(): void {
    // The server's tests check who asks.
  }

  getResponseHeader(): string | null {
    return null
  }

  send(form: FormData): void {
    this.file = form.get('file') as File
    MockUpload.all.push(this)
  }

  abort(): void {
    this.isAborted = true
    this.onabort?.()
  }

  async progress(part: number): Promise<void> {
    await act(async () => {
      this.upload.onprogress?.({ loaded: part, total: 1, lengthComputable: true })
      await Promise.resolve()
    })
  }

  async answer(status: number, body: unknown): Promise<void> {
    await act(async () => {
      Object.assign(this, { status, responseText: JSON.stringify(body) })
      this.onload?.()
      await Promise.resolve()
    })
  }

  async fail(): Promise<void> {
    await act(async () => {
      this.onerror?.()
      await Promise.resolve()
    })
  }
}
