import { expect, test } from 'vitest';
import { ChunkSizer, TARGET_MS } from '../../../src/engine/chunk-sizer.ts';

/** Sizes handed out for work that costs `msPerItem` plus a fixed latency. */
function sizes(msPerItem: number, latency: number, rounds: number): number[] {
  const sizer = new ChunkSizer({ start: 1024, most: 1e6 });
  return Array.from({ length: rounds }, () => {
    const size = sizer.size;
    sizer.record(size, latency + size * msPerItem);
    return size;
  });
}

test('chunks settle at the target time for cheap and for expensive items', () => {
  for (const msPerItem of [1e-3, 0.05, 1]) {
    const last = sizes(msPerItem, 0.1, 8).at(-1) as number;
    expect(Math.abs(last * msPerItem - TARGET_MS)).toBeLessThanOrEqual(0.5 + msPerItem);
  }
});

test('one item slower than the target is still one item, and nothing exceeds the most', () => {
  expect(sizes(500, 0, 10).at(-1)).toBe(1);
  expect(sizes(1e-9, 0, 20).at(-1)).toBe(1e6);
});

test('a short last chunk does not shrink the size', () => {
  const sizer = new ChunkSizer({ start: 1000, most: 1e6 });
  sizer.record(3, 0.5);
  expect(sizer.size).toBe(1000);
  expect(sizer.expectedMs(6)).toBeCloseTo(1, 12);
  expect(sizer.itemsFor(2)).toBe(12);
});
