/**
 * Decompressors that never make more bytes than they were told to: what a block unpacks to is known before, from the
 * header around it, and is checked against limits there.
 */
import {
  compressors as jsCompressors,
  decompressLz4Raw,
  decompressZstd,
  gunzip,
  type Compressors,
} from 'hyparquet-compressors';

const ZSTD_MAGIC = 0xfd2fb528;

/** Raw deflate or gzip stream -> exactly `size` bytes. */
export function inflate(packed: Uint8Array, size: number): Uint8Array {
  // gunzip keeps within the array it is given
  return gunzip(packed, new Uint8Array(size));
}

/** LZ4 block -> `size` bytes. */
export const unpackLz4 = decompressLz4Raw;

/** Zstandard frame -> exactly `size` bytes. Error: another length, or not a frame. */
export function unpackZstd(packed: Uint8Array, size: number): Uint8Array {
  const claimed = zstdContentSize(packed);
  // without a claimed size only a given array bounds the output
  const bytes = claimed === undefined ? decompressZstd(packed, new Uint8Array(size)) : undefined;
  if (bytes === undefined && claimed !== size) throw new Error(`zstd frame of ${claimed} bytes, expected ${size}`);
  const result = bytes ?? decompressZstd(packed);
  if (result.length !== size) throw new Error(`zstd frame gave ${result.length} bytes, expected ${size}`);
  return result;
}

/** Bytes a frame says it holds (RFC 8878, 3.1.1), undefined if it does not say. */
function zstdContentSize(packed: Uint8Array): number | undefined {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < 6 || view.getUint32(0, true) !== ZSTD_MAGIC) throw new Error('not a zstd frame');
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3];
  switch (descriptor >> 6) {
    case 0:
      return isSingleSegment ? view.getUint8(at) : undefined;
    case 1:
      return view.getUint16(at, true) + 256;
    case 2:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}

/** Of Parquet pages. */
export const compressors: Compressors = { ...jsCompressors, GZIP: inflate, ZSTD: unpackZstd };
