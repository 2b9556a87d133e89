import { act } from '@testing-library/react'

// The real one, before a test replaces it.
const { setTimeout } = globalThis

/**
 * Lets available responses arrive, which is a chain of promises, and React render with low
 * priority.
 */
export async function settled(): Promise<void> {
  await act(async () => {
    for (let step = 0; step < 50; step++) await Promise.resolve()
    await new Promise((resolve) => setTimeout(resolve))
  })
}
