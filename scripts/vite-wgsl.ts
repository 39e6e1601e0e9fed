/** Vite and vitest plugin: `import text from './x.wgsl'` gives the shader as a string (scripts/wgsl-hooks.mjs does it for Node). */
import type { Plugin } from 'vite';

export function wgslText(): Plugin {
  return {
    name: 'wgsl-text',
    enforce: 'pre',
    transform(code, id) {
      if (!id.split('?')[0].endsWith('.wgsl')) return undefined;
      return { code: `export default ${JSON.stringify(code)};`, map: null };
    },
  };
}
