import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

// The address of `make dev`.
const server = `http://${process.env.ADDRESS ?? '127.0.0.1:8000'}`

export default defineConfig({
  base: '/',
  plugins: [
    react(),
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
