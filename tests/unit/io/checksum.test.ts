import { adler32, crc32 } from '../../../src/io/checksum.ts';
import { expect, test } from 'vitest';

// Python 3.11: zlib.adler32(b"123456789"), zlib.crc32(b"123456789"); a long run of 255 overflows naive sums
test('checksums are those of zlib', () => {
  const digits = new TextEncoder().encode('123456789');
  expect([adler32(digits), crc32(digits)]).toEqual([0x091e01de, 0xcbf43926]);
  const long = new Uint8Array(100_000).fill(255);
  expect([adler32(long), crc32(long)]).toEqual([345649196, 1757859524]);
});
