import { defineConfig } from 'vite'
import about from './package.json' with { type: 'json' }
import { frenchSpaces } from './vite.french'

const needed = Object.keys({ ...about.dependencies, ...about.peerDependencies })

/** `npm run build:lib`: the library, file by file, so that what is loaded late stays so in a host's build. */
export default defineConfig({
  publicDir: false,
  plugins: [frenchSpaces],
  css: { postcss: { plugins: [{ postcssPlugin: 'scope', Rule: scope }] } },
  build: {
    outDir: 'lib',
    target: 'es2022',
    minify: false,
    lib: { entry: 'src/index.ts', formats: ['es'], cssFileName: 'styles' },
    rolldownOptions: {
      external: needed.map((name) => new RegExp(`^${name}(/|$)`)),
      output: {
        preserveModules: true,
        preserveModulesRoot: 'src',
        entryFileNames: '[name].js',
        // Next.js renders what uses effects in the browser only where a file says so.
        banner: (chunk) => (chunk.isEntry ? "'use client'" : ''),
      },
    },
  },
})

interface Rule {
  selectors: string[]
  parent?: { type: string; name?: string }
}

/**
 * `button` becomes `.messagerie.messagerie button`: no other element of the host's page is meant, and
 * twice so that the host's own `.modal`, or `.card .button`, doesn't win. Not so the colours: those a host may change.
 */
function scope(rule: Rule): void {
  if (rule.parent?.name?.endsWith('keyframes')) return
  rule.selectors = rule.selectors.map((selector) => {
    if (selector.startsWith('.messagerie')) return selector
    return /^(:root|body)/.test(selector) ? selector.replace(/^(:root|body)/, '.messagerie') : `.messagerie.messagerie ${selector}`
  })
}
