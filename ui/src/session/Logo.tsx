/** A speech bubble with a mortarboard. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 64 64" width="48" height="48" aria-hidden="true">
      <rect width="64" height="64" rx="16" className="logo-ground" />
      <path d="M18 15h28a8 8 0 0 1 8 8v14a8 8 0 0 1-8 8H31l-9.400 8.200c-1 .9-2.600.2-2.600-1.200v-7h-1a8 8 0 0 1-8-8V23a8 8 0 0 1 8-8z" fill="#fff" />
      <path d="M32 21.500 47 28l-15 6.500L17 28z" className="logo-ground" />
      <path d="M23.500 33v4.200c0 1.600 4 3.300 8.500 3.300s8.500-1.700 8.500-3.300V33L32 36.800z" className="logo-ground" />
    </svg>
  )
}
