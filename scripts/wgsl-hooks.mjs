// Node module hook, development only: `import text from './x.wgsl'` gives the shader as a string (the build does the same in dist).
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export async function load(url, context, nextLoad) {
  const file = url.split('?')[0];
  if (!file.endsWith('.wgsl')) return nextLoad(url, context);
  const text = await readFile(fileURLToPath(file), 'utf8');
  return { format: 'module', shortCircuit: true, source: `export default ${JSON.stringify(text)};` };
}
