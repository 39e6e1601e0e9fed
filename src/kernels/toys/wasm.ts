/**
 * toy_scan in WebAssembly (wasm/toy_loop.ts): the same words as the twin, several times as fast. Where WebAssembly with
 * vectors is missing or not allowed, or the tables do not fit in its memory, the twin does the work.
 *
 * Each campaign gets an instance with a copy of its tables, once per thread; the last two are kept.
 */
import type { ParamValues } from '../kernel.ts';
import { TOY_STRIDE } from './layout.ts';
import { LOOP_WASM } from './loop.generated.js';
import { makeToyLookup, RecentTables, type ToyArrays } from './lookup.ts';

/** What is used of the global WebAssembly, which the types of the language do not have. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** Exports of the module; toys (low, high), (low, high) + 1, ... */
interface Loop {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): number;
  setTables(places: number, regions: number): void;
  throwNarrow: ThrowToys;
  throwWide: ThrowToys;
}
type ThrowToys = (
  low: number,
  high: number,
  seedLow: number,
  seedHigh: number,
  count: number,
  fingerprint: number,
  result: number,
) => void;

interface Instance {
  readonly throwToys: ThrowToys;
  /** Address and words of room for the results of BATCH toys. */
  readonly place: number;
  readonly result: Uint32Array;
}

/** Toys per call. */
const BATCH = 1024;
/** As in wasm/toy_loop.ts: events per pass, and the longest list that is gathered. */
const CHUNK = 256;
const SHORT = 8;
const PAGE = 65536;

const instances = new RecentTables<Instance | undefined>(2);
/** The module; null where there is no WebAssembly with vectors. */
let compiled: object | null | undefined;

/** False, and nothing written, where it cannot be done. */
export function throwWithWasm(arrays: ToyArrays, params: ParamValues, first: number, count: number): boolean {
  const instance = instances.get(arrays, params.floor_rank, () => instantiate(arrays, params.floor_rank));
  if (instance === undefined) return false;
  const { throwToys, place, result } = instance;
  for (let done = 0; done < count; done += BATCH) {
    const size = Math.min(BATCH, count - done);
    const low = params.base_low + first + done;
    const high = params.base_high + (low >= 2 ** 32 ? 1 : 0);
    throwToys(low >>> 0, high >>> 0, params.seed_low, params.seed_high, size, params.fingerprint, place);
    arrays[7].set(result.subarray(0, TOY_STRIDE * size), TOY_STRIDE * (first + done));
  }
  return true;
}

function compile(api: WebAssemblyApi): object | null {
  try {
    return new api.Module(Uint8Array.from(atob(LOOP_WASM), (letter) => letter.charCodeAt(0)));
  } catch {
    return null;
  }
}

function instantiate(arrays: ToyArrays, floorRank: number): Instance | undefined {
  const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyApi };
  if (api === undefined) return undefined;
  if (compiled === undefined) compiled = compile(api);
  if (compiled === null) return undefined;
  const lookup = makeToyLookup(arrays, floorRank);
  const [header, totals, , atomFirst, , rankFirst, ranks] = arrays;
  const { alias, lists, starts, plainStarts, nRegions } = lookup;
  const bytes = lists.BYTES_PER_ELEMENT;
  const rooms = [plainStarts.byteLength, 8 * CHUNK, bytes * SHORT * CHUNK];
  const tables = [header, totals, alias, atomFirst, lists, rankFirst, ranks, starts, plainStarts];
  const loop = new api.Instance(compiled).exports as Loop;
  const { memory } = loop;
  let end = loop.heapBase();
  // vectors read and write up to 32 bytes beyond what is theirs
  const room = (size: number): number => {
    const place = end;
    end = Math.ceil((end + size + 32) / 64) * 64;
    return place;
  };
  const places = [...tables.map((table) => room(table.byteLength)), ...rooms.map(room)];
  const placesAt = room(4 * places.length);
  const resultAt = room(4 * TOY_STRIDE * BATCH);
  try {
    memory.grow(Math.max(0, Math.ceil((end - memory.buffer.byteLength) / PAGE)));
  } catch {
    return undefined;
  }
  tables.forEach((table, i) => {
    const own = new (table.constructor as typeof Uint32Array)(memory.buffer, places[i], table.length);
    own.set(table);
  });
  new Uint32Array(memory.buffer, placesAt, places.length).set(places);
  loop.setTables(placesAt, nRegions);
  return {
    throwToys: lookup.narrow ? loop.throwNarrow : loop.throwWide,
    place: resultAt,
    result: new Uint32Array(memory.buffer, resultAt, TOY_STRIDE * BATCH),
  };
}
