import { useSchool } from './useSchool'

/** Whether people may log in through another service: who only does so has no password. */
export function useHasProvider(): boolean {
  const { school } = useSchool()
  return (school?.providers?.length ?? 0) > 0
}
