import { act } from '@testing-library/react'

// Before a test puts its own in their place.
const { setTimeout } = globalThis

/**
 * Lets every answer that is there already arrive, a chain of promises, and whatever React
 * renders in between of other things.
 */
export async function settled(): Promise<void> {
  await act(async () => {
    for (let step = 0; step < 50; step++) await Promise.resolve()
    await new Promise((resolve) => setTimeout(resolve))
  })
}
