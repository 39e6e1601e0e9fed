/**
 * spectrum_quick in WebAssembly (wasm/spectrum_quick.ts): f32, four toys of a hypothesis side by side. Where WebAssembly
 * with vectors is missing or not allowed, or the arrays do not fit in its memory, the twin does the work.
 *
 * Work items are toy by toy, lanes want four toys of one hypothesis: a range is cut into blocks of toys, which share the rows
 * of a hypothesis while they are in the cache; its first and last toy may lack hypotheses. Fastest are ranges of many toys.
 */
import type { KernelArray, ParamValues } from '../kernel.ts';
import { QUICK_RESULT_STRIDE, quickArrays, type QuickArrays } from './layout.ts';
import { QUICK_WASM } from './loop.generated.js';

/** What is used of the global WebAssembly, which the types of the language do not have. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** Exports of the module. */
interface Loop {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): number;
  setTables(places: number, nBins: number): void;
  fitToys(nToys: number, nHypotheses: number, fromInFirst: number, toInLast: number, result: number): void;
}

/** Toys and results per call: what the counts and results of a block need stays in the second cache. */
const MOST_TOYS = 32;
const MOST_RESULTS = 32_768;
const LANES = 4;
const PAGE = 65536;

/** One for all calls: its memory is filled anew in each. Null where there is no WebAssembly with vectors. */
let loop: Loop | null | undefined;

/** False, and nothing written, where it cannot be done. */
export function fitWithWasm(
  arrays: readonly KernelArray[],
  params: ParamValues,
  first: number,
  count: number,
): boolean {
  loop ??= instantiate();
  if (loop === null) return false;
  const inputs = quickArrays(arrays, params);
  const { nHypotheses, nBins, counts, result } = inputs;
  const mostToys = Math.max(LANES, Math.min(MOST_TOYS, LANES * Math.floor(MOST_RESULTS / (LANES * nHypotheses))));
  const places = placeTables(loop, inputs, mostToys);
  if (places === undefined) return false;
  for (let item = first; item < first + count;) {
    const [toy, from] = [Math.floor(item / nHypotheses), item % nHypotheses];
    const end = Math.min(first + count, (toy + mostToys) * nHypotheses);
    const nToys = Math.ceil(end / nHypotheses) - toy;
    places.counts.set(counts.subarray(toy * nBins, (toy + nToys) * nBins));
    loop.fitToys(nToys, nHypotheses, from, end - (toy + nToys - 1) * nHypotheses, places.result.byteOffset);
    const place = QUICK_RESULT_STRIDE * from;
    result.set(places.result.subarray(place, place + QUICK_RESULT_STRIDE * (end - item)), QUICK_RESULT_STRIDE * item);
    item = end;
  }
  return true;
}

function instantiate(): Loop | null {
  const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyApi };
  if (api === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(QUICK_WASM), (letter) => letter.charCodeAt(0));
    return new api.Instance(new api.Module(bytes)).exports as Loop;
  } catch {
    return null;
  }
}

/** Copies the plan; undefined where there is no memory for it. */
function placeTables(
  { memory, heapBase, setTables }: Loop,
  { hypotheses, bins, rows, scales, nBins, nHypotheses, maxBins, maxParams }: QuickArrays,
  mostToys: number,
): { counts: Uint32Array; result: Float64Array } | undefined {
  let end = heapBase();
  const room = (bytes: number): number => {
    const place = Math.ceil(end / 64) * 64;
    end = place + bytes + 64;
    return place;
  };
  const tables = [hypotheses, bins, rows, scales];
  // a hypothesis has at most as many constraints as parameters
  const lanes = 4 * LANES * (maxBins + maxParams);
  const sizes = [
    ...tables.map(({ length }) => 4 * length),
    4 * mostToys * nBins,
    4 * mostToys * nBins,
    ...Array.from({ length: 7 }, () => lanes),
  ];
  const places = sizes.map(room);
  const placesAt = room(4 * places.length);
  const resultAt = room(8 * QUICK_RESULT_STRIDE * mostToys * nHypotheses);
  try {
    memory.grow(Math.max(0, Math.ceil((end - memory.buffer.byteLength) / PAGE)));
  } catch {
    return undefined;
  }
  const { buffer } = memory;
  tables.forEach((table, i) => {
    const own = table instanceof Uint32Array ? Uint32Array : Float32Array;
    new own(buffer, places[i], table.length).set(table);
  });
  new Uint32Array(buffer, placesAt, places.length).set(places);
  setTables(placesAt, nBins);
  return {
    counts: new Uint32Array(buffer, places[4], mostToys * nBins),
    result: new Float64Array(buffer, resultAt, QUICK_RESULT_STRIDE * mostToys * nHypotheses),
  };
}
