import { Component, type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react'

export interface LazyPart<P extends object> {
  (props: P): ReactNode
  /** Fetches it ahead of its first use: then it is rendered at once. Resolves even if that fails. */
  preload: () => Promise<void>
  /** Whether it is fetched. */
  isReady: () => boolean
}

/**
 * A component that the first conversation doesn't need: fetched when it is first rendered, or preloaded. While it
 * can't be fetched, nothing is shown in its place and the rest stays; it is tried again after a while, and when the
 * browser is online again. (Where a browser remembers that an import failed, only a reload helps; Chrome doesn't.)
 */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): LazyPart<P> {
  let ready: ComponentType<P> | undefined
  const fetch = async () => (ready = await load())
  const fetched = () =>
    lazy(async () => {
      try {
        return { default: await fetch() }
      } catch (cause) {
        throw new NotFetched('A part of the page could not be fetched.', { cause })
      }
    })
  const current = { Part: fetched() }
  const retry = () => {
    current.Part = fetched()
  }
  const Lazy = (props: P) => {
    const [Ready] = useState(() => ready)
    return (
      <Absence onRetry={retry}>
        {() =>
          Ready ? (
            <Ready {...props} />
          ) : (
            <Suspense>
              <current.Part {...props} />
            </Suspense>
          )
        }
      </Absence>
    )
  }
  return Object.assign(Lazy, {
    preload: () => fetch().then(() => undefined, () => undefined),
    isReady: () => ready !== undefined,
  })
}

class NotFetched extends Error {}

const retryAfter = 5_000

interface AbsenceProps {
  children: () => ReactNode
  onRetry: () => void
}

/** Shows nothing in place of a part that fails. One that only wasn't fetched is tried again. */
class Absence extends Component<AbsenceProps, { isAbsent: boolean }> {
  override state = { isAbsent: false }
  private timer: ReturnType<typeof setTimeout> | undefined

  static getDerivedStateFromError() {
    return { isAbsent: true }
  }

  override componentDidCatch(error: unknown) {
    if (!(error instanceof NotFetched)) return
    this.timer = setTimeout(this.retry, retryAfter)
    addEventListener('online', this.retry)
  }

  override componentWillUnmount() {
    this.stop()
  }

  private readonly retry = () => {
    this.stop()
    this.props.onRetry()
    this.setState({ isAbsent: false })
  }

  private stop() {
    clearTimeout(this.timer)
    removeEventListener('online', this.retry)
  }

  override render() {
    return this.state.isAbsent ? null : this.props.children()
  }
}
