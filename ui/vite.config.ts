import { readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

// The address of `make dev`.
const server = `http://${process.env.ADDRESS ?? '127.0.0.1:8000'}`

/** Puts a compressed copy beside each script and stylesheet, for the server to send (hooks/web/brotli.go). */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle).filter((one) => /^assets\/.*\.(js|css)$/.test(one))) {
      writeFileSync(`${dir}/${name}.br`, brotliCompressSync(readFileSync(`${dir}/${name}`)))
    }
  },
}

export default defineConfig({
  base: '/',
  plugins: [
    react(),
    compressed,
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
    // Browsers that don't preload modules load them a little later; the polyfill would cost everybody.
    modulePreload: { polyfill: false },
    // An inlined asset is a data: URL, which the server's content security policy refuses.
    assetsInlineLimit: 0,
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
