/**
 * Vite plugin: `import address from './x-worker.ts?worker&url'` makes the worker an entry of the page's own build, so that
 * what page and workers share is one file, loaded once. Vite by itself bundles every worker with copies of all it needs:
 * 100 kB gzipped of the first load were there twice.
 */
import path from 'node:path';
import type { Plugin } from 'vite';

const SUFFIX = '?worker&url';
const PREFIX = '\0worker:';

export function sharedWorkers(): Plugin {
  return {
    name: 'shared-workers',
    apply: 'build', // in development vite serves every module as it is
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!source.endsWith(SUFFIX)) return undefined;
      const worker = await this.resolve(source.slice(0, -SUFFIX.length), importer);
      return worker && PREFIX + worker.id;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return undefined;
      const file = id.slice(PREFIX.length);
      const reference = this.emitFile({ type: 'chunk', id: file, name: path.basename(file, '.ts') });
      return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
    },
  };
}
