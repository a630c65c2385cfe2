import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` listens. */
const REGISTRY = 'http://127.0.0.1:7860';

/** The form library names a validator in a file for tests, which nobody here imports; it needs eval, and is not installed. */
const withoutAjv: Plugin = {
  name: 'without-ajv',
  enforce: 'pre',
  resolveId: (id) => (id === '@rjsf/validator-ajv8' ? '\0without-ajv' : null),
  load: (id) => (id === '\0without-ajv' ? 'export default undefined' : null),
};

/** Compressed once, and better than anybody would for each request. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle: ({ dir = '' }) => {
    for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:js|css|svg)$/.test(name)) continue;
      const file = path.join(dir, name);
      const { Z_BEST_COMPRESSION: level } = constants;
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level, memLevel: 9 }));
    }
  },
};

// eslint-disable-next-line no-restricted-syntax -- Vite wants it so.
export default defineConfig({
  root: import.meta.dirname,
  base: '/ui/',
  publicDir: 'static',
  plugins: [withoutAjv, compressed],
  // The registry puts a fresh nonce in its place for each page that it serves.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../dist/public',
    emptyOutDir: true,
    target: 'es2022',
    // Browsers that know light-dark(): what it would be translated to needs a color-scheme that nobody declares.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Of raw text; what counts is the size with gzip.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      onLog: (level, log, next) => {
        // Marks for server components, of which there are none here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') next(level, log);
      },
      output: {
        // Many small files cost a first visit more than they spare the later ones: requests, and worse compression.
        codeSplitting: {
          groups: [
            { name: 'frame', tags: ['$initial'], priority: 2 },
            { name: 'first-page', test: /pages\/servers\/servers-page/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': REGISTRY,
      '/docs': REGISTRY,
      '/ws': { target: REGISTRY, ws: true },
    },
  },
});
