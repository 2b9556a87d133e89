import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { minify } from 'terser'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { frenchSpaces } from './vite.french'

// The address of `make dev`.
const server = `http://${process.env.ADDRESS ?? '127.0.0.1:8000'}`

/** Vite's minifier, then terser: what is loaded at first is 1 % smaller, compressed, than with either alone. */
const minifiedAgain: Plugin = {
  name: 'minified-again',
  apply: 'build',
  async renderChunk(code, chunk, { format }) {
    const again = await minify(code, { module: format === 'es', ecma: 2022, compress: { passes: 3, ecma: 2022 } })
    if (again.code === undefined) throw new Error(`terser returned nothing for ${chunk.fileName}`)
    return again.code
  },
}

/** The size hint and larger blocks save 80 bytes of the entry. */
function brotliOf(content: Buffer): Buffer {
  return brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_LGBLOCK]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } })
}

/** Puts a compressed copy beside each script and stylesheet, for the server to send (hooks/web/brotli.go). */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle).filter((one) => /^assets\/.*\.(js|css)$/.test(one))) {
      writeFileSync(`${dir}/${name}.br`, brotliOf(readFileSync(`${dir}/${name}`)))
    }
  },
}

const classicScript = /<script src="\/(\w+\.js)"><\/script>/g

/**
 * Puts the scripts that run before the first paint into the page, which else would wait for their requests. The
 * server's policy allows them by their hash (hooks/web/headers.go).
 */
const inlined: Plugin = {
  name: 'inlined',
  apply: 'build',
  async transformIndexHtml(html) {
    const codes = new Map<string, string>()
    for (const [, name = ''] of html.matchAll(classicScript)) {
      codes.set(name, (await minify(readFileSync(`public/${name}`, 'utf8'))).code ?? '')
    }
    return html.replace(classicScript, (_, name: string) => `<script>${codes.get(name) ?? ''}</script>`)
  },
  writeBundle({ dir = '' }) {
    for (const [, name = ''] of readFileSync('index.html', 'utf8').matchAll(classicScript)) rmSync(`${dir}/${name}`)
  },
}

interface CssNode {
  type: string
  params?: string
  selectors?: string[]
  nodes?: CssNode[]
  clone: () => CssNode
  after: (node: CssNode) => void
}

const themed = (selector: string, theme: string) =>
  selector.startsWith(':root') ? selector.replace(':root', `:root:where(${theme})`) : `:where(:root${theme}) ${selector}`

/** What applies to the dark theme applies where it is chosen on the device as well (src/lib/display.ts), and not where the light one is. */
function chosenTheme(media: CssNode): void {
  if (!media.params?.includes('prefers-color-scheme: dark')) return
  for (const rule of (media.nodes ?? []).filter(({ type }) => type === 'rule').reverse()) {
    const chosen = rule.clone()
    chosen.selectors = rule.selectors?.map((selector) => themed(selector, "[data-theme='dark']")) ?? []
    rule.selectors = rule.selectors?.map((selector) => themed(selector, ":not([data-theme='light'])")) ?? []
    media.after(chosen)
  }
}

interface ModuleGraph {
  getModuleInfo: (id: string) => { isEntry: boolean; importers: readonly string[] } | null
}

/** Everything that the entry needs is in one file: in several it compresses 2 % worse. */
function withEntry(id: string, graph: ModuleGraph, seen = new Set<string>()): string | null {
  seen.add(id)
  const info = graph.getModuleInfo(id)
  // The icons have one index: those of other files aren't needed.
  if (!info || id.includes('/lucide-react/dist/esm/icons/')) return null
  return info.isEntry || info.importers.some((one) => !seen.has(one) && withEntry(one, graph, seen)) ? 'first' : null
}

/** What the entry doesn't need of the libraries is in two files: two dozen small ones keep a phone busy for longer than what is in them. */
function ofLibrary(id: string): string | null {
  if (id.includes('/node_modules/lucide-react/')) return 'icons'
  return /\/node_modules\/@(base-ui|floating-ui)\//.test(id) ? 'controls' : null
}

export default defineConfig({
  base: '/',
  css: { postcss: { plugins: [{ postcssPlugin: 'chosen-theme', Once: (root) => { root.walkAtRules('media', (media) => { chosenTheme(media as unknown as CssNode) }) } }] } },
  plugins: [
    frenchSpaces,
    react(),
    minifiedAgain,
    compressed,
    inlined,
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/pwa',
      filename: 'worker.ts',
      injectRegister: false, // pwa/update.ts
      manifest: false, // public/manifest.webmanifest
      injectManifest: { globPatterns: ['**/*.{html,js,css,svg}'] },
    }),
  ],
  build: {
    // dist/.gitkeep comes back with public/.gitkeep: Go embeds the folder even before a build.
    emptyOutDir: true,
    assetsDir: 'assets',
    target: 'es2022',
    // Browsers that don't preload modules load them a little later; the polyfill would cost everybody. So would the
    // list of what each part of the page imports (1 KB, compressed): only its styles are named, which nothing else loads.
    modulePreload: { polyfill: false, resolveDependencies: (_, files) => files.filter((file) => file.endsWith('.css')) },
    // An inlined asset is a data: URL, which the server's content security policy refuses.
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: withEntry }, { name: ofLibrary }] } } },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': server,
      '/_': server,
      '/ws': { target: server, ws: true },
    },
  },
})
