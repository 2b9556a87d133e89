import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react'

export interface LazyPart<P extends object> {
  (props: P): ReactNode
  /** Fetches it ahead of its first use. */
  preload: () => void
}

/**
 * A component that the first conversation doesn't need: fetched when it is first rendered, or preloaded. If it
 * can't be fetched, nothing is shown in its place and the rest stays.
 */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): LazyPart<P> {
  const Part = lazy(async () => ({ default: await load() }))
  const Lazy = (props: P) => (
    <Absence>
      <Suspense>
        <Part {...props} />
      </Suspense>
    </Absence>
  )
  return Object.assign(Lazy, {
    preload: () => {
      load().catch(() => undefined)
    },
  })
}

class Absence extends Component<{ children: ReactNode }, { isAbsent: boolean }> {
  override state = { isAbsent: false }

  static getDerivedStateFromError() {
    return { isAbsent: true }
  }

  override render() {
    return this.state.isAbsent ? null : this.props.children
  }
}
