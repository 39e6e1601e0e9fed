import { expect, test } from 'vitest';
import { checkFitsF32, toDevice, toHost } from '../../../src/gpu/convert.ts';

test('values round to the nearest float, NaN and infinities stay', () => {
  const data = Float64Array.of(0.1, 1 + 2 ** -25, NaN, -Infinity, 2 ** -149);
  const back = toHost(toDevice(data).buffer, 'f64', 5);
  expect(back).toEqual(Float64Array.of(Math.fround(0.1), 1, NaN, -Infinity, 2 ** -149));
});

test('u32 arrays pass unchanged', () => {
  const data = Uint32Array.of(0, 4294967295);
  expect(toHost(toDevice(data).buffer, 'u32', 2)).toEqual(data);
});

test('a finite value that f32 cannot hold is refused with its place', () => {
  const largest = 3.4028234663852886e38;
  expect(() => checkFitsF32(Float64Array.of(1, -largest, Infinity, NaN))).not.toThrow();
  expect(() => checkFitsF32(Float64Array.of(1, -1e39))).toThrow('gpu: element 1 of 2 is -1e+39, allowed below 3.4e38');
  const roundsUp = (2 - 2 ** -24) * 2 ** 127;
  expect(Math.fround(roundsUp)).toBe(Infinity);
  expect(() => checkFitsF32(Float64Array.of(roundsUp))).toThrow(/element 0/);
});
