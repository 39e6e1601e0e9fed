/**
 * xz streams of one block (https://tukaani.org/xz/xz-file-format.txt), as ROOT writes them. jsroot's own decoder stops
 * at the first LZMA2 chunk, that is at 64 kB packed, and so at most baskets of real files.
 */
import { crc32 } from './checksum.ts';
import { LzmaDecoder } from './lzma.ts';

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const CHECK_CRC32 = 1;

/** Unpacks to exactly `size` bytes and verifies the CRC-32, if it has one. Errors (plain): anything that does not fit. */
export function unpackXz(packed: Uint8Array, size: number): Uint8Array {
  if (MAGIC.some((byte, i) => packed[i] !== byte)) throw new Error('not an xz stream');
  const headerBytes = (packed[12] + 1) * 4;
  const result = new Uint8Array(size);
  const end = unpackLzma2(packed, 12 + headerBytes, result);
  if (packed[7] === CHECK_CRC32) {
    // the data are padded to 4 bytes, counted from the start of the block
    const at = Math.ceil(end / 4) * 4;
    const stored = new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getUint32(at, true);
    if (stored !== crc32(result)) throw new Error('LZMA checksum does not match');
  }
  return result;
}

/** Chunks of LZMA2 from `at` on into the whole of `result`; returns where they end. */
function unpackLzma2(packed: Uint8Array, at: number, result: Uint8Array): number {
  const decoder = new LzmaDecoder(packed, result);
  for (;;) {
    if (at >= packed.length) throw new Error('LZMA data end too early');
    const control = packed[at++];
    if (control === 0) break;
    const isLzma = control >= 0x80;
    if (control === 1 || control >= 0xe0) decoder.resetDictionary();
    if (!isLzma) {
      if (control > 2) throw new Error(`LZMA2 chunk of kind ${control}`);
      const length = uint16(packed, at) + 1;
      decoder.copy(at + 2, length);
      at += 2 + length;
      continue;
    }
    const unpackedBytes = ((control & 0x1f) << 16) + uint16(packed, at) + 1;
    const packedBytes = uint16(packed, at + 2) + 1;
    at += 4;
    if (control >= 0xc0) decoder.setProperties(packed[at++]);
    if (control >= 0xa0) decoder.resetState();
    decoder.decode(at, at + packedBytes, unpackedBytes);
    at += packedBytes;
  }
  if (decoder.length !== result.length) throw new Error(`LZMA gave ${decoder.length} bytes, expected ${result.length}`);
  return at;
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}
