import tailwind from '@tailwindcss/vite'
import { defineConfig } from 'vite'

/**
 * Built for a strict Content-Security-Policy: every script and style is a file of its own under `assets/`, and
 * nothing is asked of any other host.
 */
export default defineConfig({
  plugins: [tailwind()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // Icons are drawn as CSS masks and may be data; the logo is a file.
    assetsInlineLimit: (path) => path.includes('/icons/'),
    modulePreload: { polyfill: false },
  },
})
