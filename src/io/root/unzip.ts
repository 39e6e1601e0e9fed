/**
 * ROOT's compressed objects: blocks of a 9 byte header (two letters, method, two sizes of 3 bytes) and data. ZLIB, LZ4
 * and LZMA blocks carry a checksum, which is verified; ZSTD blocks and uncompressed objects have none.
 */
import { xxhash64 } from 'hyparquet/src/xxhash.js';
import { adler32 } from '../checksum.ts';
import { inflate, unpackLz4, unpackZstd } from '../unpack.ts';
import { unpackXz } from '../xz.ts';

const HEADER_BYTES = 9;

/**
 * Unpacks the blocks in `packed` to exactly `size` bytes.
 * Errors (plain): blocks that do not add up to `size`, unknown method, wrong checksum.
 */
export function unzip(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const blocks = blocksOf(packed, size);
  const result = new Uint8Array(size);
  let at = 0;
  for (const { method, data, unpackedBytes } of blocks) {
    const unpack = METHODS[method];
    if (unpack === undefined) throw new Error(`unknown compression '${method}'`);
    const bytes = unpack(data, unpackedBytes);
    if (bytes.length !== unpackedBytes) throw new Error(`${method} block has the wrong length`);
    result.set(bytes, at);
    at += unpackedBytes;
  }
  return result;
}

interface Block {
  readonly method: string;
  readonly data: Uint8Array;
  readonly unpackedBytes: number;
}

/** Blocks by their headers; nothing is unpacked before they add up. */
function blocksOf(packed: Uint8Array, size: number): Block[] {
  const blocks: Block[] = [];
  let total = 0;
  for (let at = 0; total < size;) {
    if (at + HEADER_BYTES > packed.length) throw new Error('compressed object ends too early');
    const method = String.fromCharCode(packed[at], packed[at + 1]);
    const start = at + HEADER_BYTES;
    at = start + uint24(packed, at + 3);
    const unpackedBytes = uint24(packed, start - 3);
    if (at > packed.length || unpackedBytes === 0) throw new Error('compressed block ends too early');
    blocks.push({ method, data: packed.subarray(start, at), unpackedBytes });
    total += unpackedBytes;
  }
  if (total !== size) throw new Error(`compressed blocks hold ${total} bytes, expected ${size}`);
  return blocks;
}

function uint24(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
}

const METHODS: Readonly<Record<string, (data: Uint8Array, size: number) => Uint8Array>> = {
  ZL(data, size) {
    const bytes = inflate(data.subarray(2), size);
    verify('ZLIB', adler32(bytes), viewOf(data).getUint32(data.length - 4));
    return bytes;
  },
  /** Deflate without a zlib header, written before 2005. */
  CS: inflate,
  L4(data, size) {
    const packed = data.subarray(8);
    verify('LZ4', xxhash64(packed), viewOf(data).getBigUint64(0));
    return unpackLz4(packed, size);
  },
  XZ: unpackXz,
  ZS: unpackZstd,
};

function verify<T extends number | bigint>(method: string, found: T, stored: T): void {
  if (found !== stored) throw new Error(`${method} checksum does not match`);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
