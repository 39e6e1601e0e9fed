/**
 * Writes src/kernels/toys/loop.generated.js: wasm/toy_loop.ts, compiled by AssemblyScript, as base64 text, so that it
 * travels like any other module (no file to find in Node, no fetch in pages). The compiler is exact about its output:
 * the same version gives the same bytes.
 * Run: npm run make:wasm (tests/unit/toys/toy-wasm.test.ts fails while the file is out of date).
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SOURCE = 'wasm/toy_loop.ts';
export const WASM_FILE = new URL('../src/kernels/toys/loop.generated.js', import.meta.url);

/** JavaScript text of the module; undefined where the compiler is not installed. */
export async function wasmText(): Promise<string | undefined> {
  const asc = await import('assemblyscript/asc').catch(() => undefined);
  if (asc === undefined) return undefined;
  const options = ['--runtime', 'stub', '--use', 'abort=', '--noAssert', '-O3', '--converge', '--enable', 'simd'];
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([SOURCE, '--baseDir', ROOT, '--outFile', 'loop.wasm', ...options], {
    writeFile: (name: string, contents: Uint8Array | string) => {
      if (name.endsWith('.wasm')) binary = contents as Uint8Array;
    },
  });
  if (error !== null || binary === undefined) throw new Error(`${SOURCE}: ${String(stderr)}`);
  const head = `// Generated from ${SOURCE} by scripts/make-wasm.ts: do not edit.`;
  const lines = Buffer.from(binary)
    .toString('base64')
    .match(/.{1,108}/g)!
    .map((line) => `  '${line}'`);
  return `${head}\nexport const LOOP_WASM =\n${lines.join(' +\n')};\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = await wasmText();
  if (text === undefined) throw new Error('make-wasm: assemblyscript is not installed; run npm ci');
  writeFileSync(WASM_FILE, text);
}
