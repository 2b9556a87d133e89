import { act } from '@testing-library/react'

/** Lets every answer that is there already arrive: a chain of promises, no time. */
export async function settled(): Promise<void> {
  await act(async () => {
    for (let step = 0; step < 50; step++) await Promise.resolve()
  })
}
