import { endRecording, pauseForRecording } from './sounds'
import { recordedType } from './voice'

/** Why nothing can be recorded. */
export type RecordingProblem = 'insecure' | 'unsupported' | 'refused' | 'none' | 'busy' | 'failed' | 'empty'

export type RecordingState =
  | { status: 'asking' }
  | { status: 'recording' | 'paused'; seconds: number; levels: readonly number[] }
  | { status: 'ready'; blob: Blob; seconds: number; isFull: boolean }
  | { status: 'failed'; problem: RecordingProblem }

/** The longest voice message, in seconds. */
export const longest = 300
/** What is shorter is a slip of the finger, in seconds. */
const shortest = 0.5
/** Between two looks at the level, in milliseconds. */
const interval = 100
/** How many levels are kept, the last ones: enough for the widest screen. */
const levelsKept = 160
/** Clear speech, in bits per second: 240 KB a minute. */
const bitRate = 32_000

/** One recording by the browser's recorder, from asking for the microphone on. */
export class Recording {
  private stream: MediaStream | null = null
  private recorder: MediaRecorder | null = null
  private context: AudioContext | null = null
  private analyser: AnalyserNode | null = null
  private readonly chunks: Blob[] = []
  private levels: readonly number[] = []
  private timer = 0
  /** What was recorded before the last pause, in milliseconds. */
  private before = 0
  private since: number | null = null
  private isDropped = false
  private readonly pauseForSound = () => {
    this.pause()
  }

  constructor(private readonly onChange: (state: RecordingState) => void) {}

  async begin(): Promise<void> {
    this.onChange({ status: 'asking' })
    const obstacle = obstacleHere()
    if (obstacle) {
      this.fail(obstacle)
      return
    }
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } })
      if (this.isDropped) this.release()
      else this.record(this.stream)
    } catch (error) {
      this.fail(problemOf(error))
    }
  }

  pause(): void {
    if (this.recorder?.state !== 'recording') return
    this.recorder.pause()
    this.before = this.elapsed()
    this.since = null
    this.show()
  }

  resume(): void {
    if (this.recorder?.state !== 'paused') return
    pauseForRecording(this.pauseForSound)
    this.recorder.resume()
    this.since = performance.now()
    this.show()
  }

  /** What was recorded comes as the state `ready`. */
  stop(): void {
    if (!this.recorder || this.recorder.state === 'inactive') return
    this.before = this.elapsed()
    this.since = null
    this.recorder.stop()
  }

  /** Forgets everything, and tells nobody. */
  drop(): void {
    this.isDropped = true
    this.stop()
    this.release()
  }

  private record(stream: MediaStream): void {
    const mimeType = recordedType((type) => MediaRecorder.isTypeSupported(type))
    const recorder = new MediaRecorder(stream, { audioBitsPerSecond: bitRate, ...(mimeType ? { mimeType } : {}) })
    this.recorder = recorder
    recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) this.chunks.push(data)
    }
    // Also when the microphone is unplugged, or a call takes it.
    recorder.onstop = () => {
      this.finish(recorder.mimeType)
    }
    recorder.onerror = () => {
      this.stop()
    }
    pauseForRecording(this.pauseForSound)
    recorder.start(1_000)
    this.since = performance.now()
    this.listen(stream)
    this.timer = window.setInterval(() => {
      this.look()
    }, interval)
    this.show()
  }

  /** Its level is only for the eyes. */
  private listen(stream: MediaStream): void {
    try {
      this.context = new AudioContext()
      this.analyser = this.context.createAnalyser()
      this.analyser.fftSize = 1024
      this.context.createMediaStreamSource(stream).connect(this.analyser)
    } catch {
      this.analyser = null
    }
  }

  private look(): void {
    if (this.recorder?.state !== 'recording') return
    if (this.analyser) {
      const samples = new Uint8Array(this.analyser.fftSize)
      this.analyser.getByteTimeDomainData(samples)
      const level = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample - 128)), 0) / 128
      this.levels = [...this.levels, level].slice(-levelsKept)
    }
    this.show()
    if (this.elapsed() >= longest * 1_000) this.stop()
  }

  private show(): void {
    this.onChange({ status: this.recorder?.state === 'paused' ? 'paused' : 'recording', seconds: this.elapsed() / 1_000, levels: this.levels })
  }

  private finish(mimeType: string): void {
    const seconds = this.elapsed() / 1_000
    this.release()
    if (this.isDropped) return
    const [type = 'audio/webm'] = mimeType.split(';')
    const blob = new Blob(this.chunks, { type })
    if (blob.size === 0 || seconds < shortest) this.fail('empty')
    else this.onChange({ status: 'ready', blob, seconds, isFull: seconds >= longest })
  }

  private fail(problem: RecordingProblem): void {
    this.release()
    if (!this.isDropped) this.onChange({ status: 'failed', problem })
  }

  private release(): void {
    this.before = this.elapsed()
    this.since = null
    window.clearInterval(this.timer)
    endRecording(this.pauseForSound)
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    void this.context?.close().catch(() => undefined)
    this.context = null
  }

  private elapsed(): number {
    return this.before + (this.since === null ? 0 : performance.now() - this.since)
  }
}

function obstacleHere(): RecordingProblem | null {
  if (!window.isSecureContext) return 'insecure'
  const { mediaDevices } = navigator as Partial<Navigator>
  return typeof MediaRecorder === 'undefined' || !mediaDevices ? 'unsupported' : null
}

function problemOf(error: unknown): RecordingProblem {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none'
    case 'NotReadableError':
    case 'AbortError':
      return 'busy'
    default:
      return 'failed'
  }
}
