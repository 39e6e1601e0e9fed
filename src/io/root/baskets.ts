/**
 * Values of a branch from its baskets. A basket is a key (big-endian: total bytes, version, unpacked bytes, ...), its own
 * counts, and the values of its entries, packed. Every count is stored more than once in a ROOT file; they must agree.
 */
import type { RootBranch } from './jsroot.generated.js';
import type { Scalar } from './scalars.ts';
import { unzip } from './unzip.ts';

interface Basket {
  readonly nEntries: number;
  /** Packed values. */
  readonly data: DataView;
}

/**
 * Values of one leaf of a branch.
 * @param file bytes of the whole file
 * @param stride bytes of one entry of the branch
 * @param offset of the leaf in the entry, bytes
 * @param maxBytes largest basket that is unpacked
 * Errors (plain): counts that do not agree, a basket outside of the file, damaged compression.
 */
export function readLeaf(
  file: Uint8Array,
  branch: RootBranch,
  { scalar, stride, offset }: { scalar: Scalar; stride: number; offset: number },
  nEntries: number,
  maxBytes: number,
): Float64Array {
  if (branch.fEntries !== nEntries)
    throw new Error(`branch '${branch.fName}' has ${branch.fEntries} entries, the tree ${nEntries}`);
  const values = new Float64Array(nEntries);
  let entry = 0;
  for (let i = 0; entry < nEntries; i++) {
    const where = `basket ${i} of branch '${branch.fName}'`;
    if (branch.fBasketEntry[i] !== entry)
      throw new Error(`${where} starts at entry ${branch.fBasketEntry[i] ?? 'none'}, expected ${entry}`);
    const { nEntries: count, data } = keptBasket(branch, i) ?? storedBasket(file, branch, i, where, maxBytes);
    if (!(count > 0) || entry + count > nEntries) throw new Error(`${where} has ${count} entries`);
    if (data.byteLength !== count * stride)
      throw new Error(`${where} has ${data.byteLength} bytes for ${count} entries of ${stride}`);
    for (let k = 0; k < count; k++) values[entry + k] = scalar.get(data, k * stride + offset);
    entry += count;
  }
  return values;
}

/** A basket that lies in the tree object itself (trees saved before the basket was full). */
function keptBasket(branch: RootBranch, i: number): Basket | undefined {
  const basket = branch.fBaskets.arr[i];
  if (!basket?.fBufferRef) return undefined;
  const { arr, length } = basket.fBufferRef;
  return { nEntries: basket.fNevBuf, data: new DataView(arr.buffer, arr.byteOffset, length) };
}

function storedBasket(file: Uint8Array, branch: RootBranch, i: number, where: string, maxBytes: number): Basket {
  const start = branch.fBasketSeek[i];
  const nBytes = branch.fBasketBytes[i];
  if (!(start > 0 && nBytes > 0 && start + nBytes <= file.length)) throw new Error(`${where} is outside of the file`);
  const view = new DataView(file.buffer, file.byteOffset + start, nBytes);
  const unpackedBytes = view.getInt32(6);
  const keyBytes = view.getInt16(14);
  if (view.getInt32(0) !== nBytes) throw new Error(`${where} has ${view.getInt32(0)} bytes, the tree says ${nBytes}`);
  const reader = new KeyReader(view);
  if (reader.className !== 'TBasket') throw new Error(`${where} is a '${reader.className}'`);
  const { nEntries, last } = reader.counts();
  if (reader.at > keyBytes || keyBytes > nBytes) throw new Error(`${where} has a key of ${keyBytes} bytes`);
  if (!(unpackedBytes >= last - keyBytes && last >= keyBytes && unpackedBytes <= maxBytes))
    throw new Error(`${where} holds ${unpackedBytes} bytes, ${last - keyBytes} of them values`);
  const stored = file.subarray(start + keyBytes, start + nBytes);
  const bytes = stored.length === unpackedBytes ? stored : unzip(stored, unpackedBytes);
  return { nEntries, data: new DataView(bytes.buffer, bytes.byteOffset, last - keyBytes) };
}

/** Walks through the key of a basket. */
class KeyReader {
  readonly className: string;
  at: number;
  private readonly view: DataView;

  constructor(view: DataView) {
    this.view = view;
    // a version above 1000 has file positions of 8 bytes
    this.at = 18 + (view.getInt16(4) > 1000 ? 16 : 8);
    this.className = this.string();
    this.string(); // name
    this.string(); // title
  }

  /** Entries, and where the last value ends, counted from the start of the key. */
  counts(): { nEntries: number; last: number } {
    const hasByteCount = (this.view.getUint8(this.at) & 0x40) !== 0;
    this.at += hasByteCount ? 6 : 2;
    // a negative buffer size announces one byte of flags
    if (this.view.getInt32(this.at + 4) < 0) this.at += 1;
    const nEntries = this.view.getInt32(this.at + 8);
    const last = this.view.getInt32(this.at + 12);
    this.at += 17;
    return { nEntries, last };
  }

  private string(): string {
    let length = this.view.getUint8(this.at++);
    if (length === 255) {
      length = this.view.getUint32(this.at);
      this.at += 4;
    }
    const start = this.at;
    this.at += length;
    if (this.at > this.view.byteLength) throw new Error('basket key ends too early');
    return String.fromCharCode(...new Uint8Array(this.view.buffer, this.view.byteOffset + start, Math.min(length, 64)));
  }
}
