/**
 * spectrum_throw in WebAssembly (wasm/spectrum_throw.ts): the same counts as the twin, several times as fast. Where
 * WebAssembly with vectors is missing or not allowed, or the tables do not fit in its memory, the twin does the work; so it
 * does for a few counts, which are not worth a copy of the tables.
 */
import type { KernelArray, ParamValues } from '../kernel.ts';
import { THROW_WASM } from './loop.generated.js';

/** What is used of the global WebAssembly, which the types of the language do not have. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** Exports of the module. */
interface Loop {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): number;
  throwToys(
    tables: number,
    totals: number,
    low: number,
    high: number,
    nToys: number,
    key0: number,
    key1: number,
    firstBin: number,
    from: number,
    to: number,
    out: number,
  ): void;
}

/** Words of the thresholds per count up to which copying them is worth while. */
const MOST_WORDS_PER_COUNT = 64;
/** Counts per call, whose toys run inside bins: as many as stay in the cache beside the thresholds. */
const MOST_COUNTS = 32_768;
const PAGE = 65536;

/** One for all calls: its memory is filled anew in each. Null where there is no WebAssembly with vectors. */
let loop: Loop | null | undefined;

/** False, and nothing written, where it cannot be done. */
export function throwWithWasm(
  arrays: readonly KernelArray[],
  params: ParamValues,
  first: number,
  count: number,
): boolean {
  const [tables, totals, counts] = arrays as readonly Uint32Array[];
  if (totals.length > MOST_WORDS_PER_COUNT * count) return false;
  loop ??= instantiate();
  if (loop === null) return false;
  const { n_bins: nBins, seed_low: key0, seed_high: key1, first_bin: firstBin } = params;
  const mostToys = Math.max(1, Math.floor(MOST_COUNTS / nBins));
  const places = placeTables(loop, tables, totals, mostToys * nBins);
  if (places === undefined) return false;
  for (let item = first; item < first + count;) {
    const [toy, from] = [Math.floor(item / nBins), item % nBins];
    const left = first + count - item;
    const nToys = from === 0 && left >= nBins ? Math.min(mostToys, Math.floor(left / nBins)) : 1;
    const to = Math.min(nBins, from + left);
    const low = params.base_low + toy;
    const high = params.base_high + (low >= 0x100000000 ? 1 : 0);
    const { out } = places;
    loop.throwToys(places.tables, places.totals, low, high, nToys, key0, key1, firstBin, from, to, out.byteOffset);
    counts.set(out.subarray(0, nToys * (to - from)), item);
    item += nToys * (to - from);
  }
  return true;
}

function instantiate(): Loop | null {
  const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyApi };
  if (api === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(THROW_WASM), (letter) => letter.charCodeAt(0));
    return new api.Instance(new api.Module(bytes)).exports as Loop;
  } catch {
    return null;
  }
}

/** Copies the tables, thresholds as 64-bit words; undefined where there is no memory for them. */
function placeTables({ memory, heapBase }: Loop, tables: Uint32Array, totals: Uint32Array, nCounts: number) {
  const tablesAt = Math.ceil(heapBase() / 64) * 64;
  const totalsAt = Math.ceil((tablesAt + tables.byteLength) / 64) * 64;
  const outAt = totalsAt + totals.byteLength;
  try {
    memory.grow(Math.max(0, Math.ceil((outAt + 4 * nCounts - memory.buffer.byteLength) / PAGE)));
  } catch {
    return undefined;
  }
  const { buffer } = memory;
  new Uint32Array(buffer, tablesAt, tables.length).set(tables);
  const words = new Uint32Array(buffer, totalsAt, totals.length);
  for (let i = 0; i < totals.length; i += 2) {
    words[i] = totals[i + 1];
    words[i + 1] = totals[i];
  }
  return { tables: tablesAt, totals: totalsAt, out: new Uint32Array(buffer, outAt, nCounts) };
}
