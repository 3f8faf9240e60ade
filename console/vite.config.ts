import tailwind from '@tailwindcss/vite'
import { build, defineConfig, type Plugin } from 'vite'
import { clientBuild } from '../sdk/vite.config.ts'

/** The browser library beside the pages, under a name that stays, for pages of other sites to load. */
function clientLibrary(): Plugin {
  return {
    name: 'antiphon-client',
    apply: 'build',
    async generateBundle() {
      const built = await build({ ...clientBuild, build: { ...clientBuild.build, write: false } })
      const outputs = Array.isArray(built) ? built : [built]
      for (const chunk of outputs.flatMap((one) => ('output' in one ? one.output : [])))
        if (chunk.type === 'chunk')
          this.emitFile({
            type: 'asset',
            fileName: `assets/${chunk.fileName}`,
            source: chunk.code,
          })
    },
  }
}

/**
 * Built for a strict Content-Security-Policy: every script and style is a file of its own under `assets/`, and
 * nothing is asked of any other host.
 */
export default defineConfig({
  plugins: [tailwind(), clientLibrary()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Icons are drawn as CSS masks and may be data; the logo is a file.
    assetsInlineLimit: (path) => path.includes('/icons/'),
    modulePreload: { polyfill: false },
  },
})
