import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type InlineConfig, type Plugin } from 'vite'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** The library as one module that any page can load, whatever else it is made of. */
export const clientBuild: InlineConfig = {
  configFile: false,
  root: here('.'),
  logLevel: 'warn',
  build: {
    target: 'es2022',
    outDir: 'dist',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'antiphon-client.js' },
  },
}

/** What makes `dist/` a package: the workspace's own takes the library from its source. */
function packageFiles(): Plugin {
  return {
    name: 'package-files',
    generateBundle() {
      const { name, version, description, license, type, sideEffects } = JSON.parse(
        readFileSync(here('package.json'), 'utf8'),
      )
      const exports = { '.': { types: './index.d.ts', default: './antiphon-client.js' } }
      const manifest = { name, version, description, license, type, sideEffects, exports }
      const source = `${JSON.stringify(manifest, null, 2)}\n`
      this.emitFile({ type: 'asset', fileName: 'package.json', source })
      for (const file of ['README.md', '../LICENSE'])
        this.emitFile({
          type: 'asset',
          fileName: file.replace('../', ''),
          source: readFileSync(here(file)),
        })
    },
  }
}

export default defineConfig({ ...clientBuild, plugins: [packageFiles()] })
