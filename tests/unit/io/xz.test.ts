import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unpackXz } from '../../../src/io/xz.ts';

// Made with Python 3.11: lzma.compress(data, format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC32), in base64.

/** bytes(i % 251 for i in range(4500000)): three chunks of at most 2 MB; the stream deflated by zlib. */
const LONG =
  'eNr7a14VEcXAwJipdM+MiUGRUYyBgaFE/+ni//9+MQXEAjlBAVwtP2dvalBcmXlN/YEdW1Q8S2/wFZZdluGsnAdDVe7N3VEYaZiwcP7PfM/iTyde9eyS6tbMVGz4Z9yctt4t9828zi7u5g82fJ199m/jn8+bcFPmv9GXTQ8sAzddEhHdcrRw1222x5Wz5u+2OLiBYc1k7lVsksxCHKLRs094fDDS+6e7oP3EhyUPLgW+7k0Pm7TJt+XoxzbD+1lJ0YcqdW9+tyneVVLCfsNmZZiSysK0H1Et8Qbpl755e+rVK7y+/UOAb0pF+XH77Pdbzk59lP/NJY/tPHeT1OnbVR/Ce2f8n3DA7tlBIcfSd8zzVryoYpl6cd+BuvSiqge79kb+P31386XLb5R/cs8zt91/tTmoi+2t41/h360Mvf+tGtQamgPXaOet0DZZF235an+bUo2Oy9e9F+0/5Ege4tkvyjXpffqqBWfi34caLqq5Gvu6zUnYNn2Byw9z3YS7r4s2PXH7FvKho1TH4PahgJCJStPZmONPFliLHDAyn7FUlHHpi8WcWm9W/Y9SW1PEIzZp+T7LfpWHBfOWK8e/0TjdenHqjK46rYmf1Eu/Sx5gm+E74++N9Vcn8B9RDf7xdaKZIevSDe/yDxb4uvNcnCi4am2C7K5zG9UlYiLbXqYFRex7WbYm8snTaFaOn8dvrf3zO0i75KxctILTz7vBtj80UzitG05r5dzfav3hyF69+FX8dt5pThOE+f4LTP5RWBH5g/vs/6kabvwr/9Tc+z3LQC/sQH/r5+bGA6kkWc3yrOXVjvn/BRi1Gd4UBy//u29djaHU/O29hnnDxYfUtjqQ335TyxphBgNSAiwm8lY4MNvWqJ2tYmA8z77gyiSmjysjf9sZ8HYzAcUZGCOjANMW8mg=';
/** 300 bytes of s = (s*1103515245 + 12345) mod 2^31, s >> 16: a chunk that is not packed. */
const NOISE =
  '/Td6WFoAAAFpIt42AgAhARYAAAB0L+WjAQErxn6Ba0v74vtU9r3ffBzhhwG/Md5Wcg9HZ2aHWaqIPFnqVhN70oWh2DxUVS83rmVb2gJ5mMzjGnaOX9mZjx8/Nu5DeE0N+r6m2uSGjtwpbU7/VuFwIPuPsVgFkMUJ3FPNqjtImVLTUp0Gn+q1wgYTmEmyAR6sMogxnFJGlXE2j1f2OR0W+oh09Zh8F1xBu21xjg9wWccBGy8zPZHAHaUNDaszjX5ejz7maHSmOrHDkxGoZMfbyuBg4fO/CQBnouMloCExh9VixahPfi4Ja5SfsG2pnloLRnCAts9HDKalKtis+6Drt3kkciOSSIDFpqeFt9eMkOSrY0RSZuOcMyX5Xqq6c2BdS3F+vqmMVxlxw8pe5SozrIhRZqF7dWdkmmnvb1ZCoB1RxQL3u5JFAHyZI7sAAcACrAIAANrrRKw+MA2LAgAAAAABWVo=';

const noise = (): Uint8Array => {
  let s = 1n;
  return Uint8Array.from({ length: 300 }, () => {
    s = (s * 1103515245n + 12345n) & 0x7fffffffn;
    return Number((s >> 16n) & 255n);
  });
};

test('streams of several chunks', () => {
  const bytes = unpackXz(inflateSync(Buffer.from(LONG, 'base64')), 4_500_000);
  expect(bytes.every((byte, i) => byte === i % 251)).toBe(true);
});

test('chunks that are not packed', () => {
  expect(unpackXz(Buffer.from(NOISE, 'base64'), 300)).toEqual(noise());
});

test('a changed byte, a wrong length or a missing end is an error', () => {
  const packed = Buffer.from(NOISE, 'base64');
  expect(() => unpackXz(packed, 299)).toThrow(/longer than expected/);
  expect(() => unpackXz(packed, 301)).toThrow(/gave 300 bytes, expected 301/);
  expect(() => unpackXz(packed.subarray(0, 200), 300)).toThrow(/too early/);
  const changed = Uint8Array.from(packed);
  changed[100] ^= 1;
  expect(() => unpackXz(changed, 300)).toThrow(/checksum does not match/);
});
