/** SVG -> PNG as the command line does it, byte for byte: the same resvg, as WebAssembly, with the same fonts. */
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import resvgWasm from '@resvg/resvg-wasm/index_bg.wasm?url';
import bold from '../../../assets/fonts/DejaVuSans-Bold.ttf?url';
import regular from '../../../assets/fonts/DejaVuSans.ttf?url';
import { FONT_OPTIONS, pngOptions } from '../../report/svg/png-options.ts';
import type { Bytes } from './files-api.ts';

/** Errors: what keeps resvg from being loaded. */
export async function loadPngRenderer(): Promise<(svg: string) => Bytes> {
  const [wasm, ...fontBuffers] = await Promise.all([load(resvgWasm), bytesOf(regular), bytesOf(bold)]);
  await initWasm(wasm); // once at most: after everything else that may fail
  const font = { ...FONT_OPTIONS, fontBuffers };
  return (svg) => {
    const drawing = new Resvg(svg, { font, ...pngOptions() });
    const image = drawing.render();
    try {
      return new Uint8Array(image.asPng());
    } finally {
      image.free(); // memory of WebAssembly is nobody else's to collect
      drawing.free();
    }
  };
}

async function bytesOf(address: string): Promise<Bytes> {
  const file = await load(address);
  return new Uint8Array(await file.arrayBuffer());
}

async function load(address: string): Promise<Response> {
  const response = await fetch(new URL(address, import.meta.url));
  if (!response.ok) throw new Error(`${address.split('/').at(-1)}: HTTP ${response.status}`);
  return response;
}
