import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { sha256Hex } from '../../../src/io/sha256.ts';

afterEach(() => void vi.unstubAllGlobals());

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) % 251);
const expected = createHash('sha256').update(bytes).digest('hex');

test('WebCrypto gives the SHA-256 that Node gives', async () => {
  expect(await sha256Hex(bytes)).toBe(expected);
});

test('a page that came over plain http has no WebCrypto and gets the same', async () => {
  vi.stubGlobal('crypto', {});
  expect(await sha256Hex(bytes)).toBe(expected);
  expect(await sha256Hex(new Uint8Array())).toMatch(/^e3b0c442/);
});
