/**
 * Writes src/kernels/{toys,quick,throw}/loop.generated.js: wasm/toy_loop.ts, spectrum_quick.ts and spectrum_throw.ts,
 * compiled by AssemblyScript, as base64 text, so that they travel like any other module (no file to find in Node, no fetch
 * in pages). The compiler is exact about its output: the same version gives the same bytes.
 * Run: npm run make:wasm (tests/unit/toys/toy-wasm.test.ts, tests/unit/spectrum/{quick,throw}-wasm.test.ts fail while a file
 * is out of date).
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface WasmModule {
  readonly source: string;
  /** Name of the constant with the text. */
  readonly constant: string;
  readonly file: URL;
}

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TOY_MODULE: WasmModule = {
  source: 'wasm/toy_loop.ts',
  constant: 'LOOP_WASM',
  file: new URL('../src/kernels/toys/loop.generated.js', import.meta.url),
};
export const QUICK_MODULE: WasmModule = {
  source: 'wasm/spectrum_quick.ts',
  constant: 'QUICK_WASM',
  file: new URL('../src/kernels/quick/loop.generated.js', import.meta.url),
};
export const THROW_MODULE: WasmModule = {
  source: 'wasm/spectrum_throw.ts',
  constant: 'THROW_WASM',
  file: new URL('../src/kernels/throw/loop.generated.js', import.meta.url),
};
export const WASM_FILE = TOY_MODULE.file;

/** JavaScript text of a module; undefined where the compiler is not installed. */
export async function wasmText({ source, constant }: WasmModule = TOY_MODULE): Promise<string | undefined> {
  const asc = await import('assemblyscript/asc').catch(() => undefined);
  if (asc === undefined) return undefined;
  const options = ['--runtime', 'stub', '--use', 'abort=', '--noAssert', '-O3', '--converge', '--enable', 'simd'];
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([source, '--baseDir', ROOT, '--outFile', 'loop.wasm', ...options], {
    writeFile: (name: string, contents: Uint8Array | string) => {
      if (name.endsWith('.wasm')) binary = contents as Uint8Array;
    },
  });
  if (error !== null || binary === undefined) throw new Error(`${source}: ${String(stderr)}`);
  const head = `// Generated from ${source} by scripts/make-wasm.ts: do not edit.`;
  const lines = Buffer.from(binary)
    .toString('base64')
    .match(/.{1,108}/g)!
    .map((line) => `  '${line}'`);
  return `${head}\nexport const ${constant} =\n${lines.join(' +\n')};\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const module of [TOY_MODULE, QUICK_MODULE, THROW_MODULE]) {
    const text = await wasmText(module);
    if (text === undefined) throw new Error('make-wasm: assemblyscript is not installed; run npm ci');
    writeFileSync(module.file, text);
  }
}
