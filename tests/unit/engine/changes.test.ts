import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyChanges, findChanges } from '../../../src/engine/changes.ts';

test('applying the changes to another copy of the old array gives the new one', () => {
  const numbers = fc.array(fc.tuple(fc.double(), fc.double()), { maxLength: 40 });
  fc.assert(
    fc.property(numbers, (pairs) => {
      const before = Float64Array.from(pairs, ([value]) => value);
      const after = Float64Array.from(pairs, ([value, other], i) => (i % 3 ? value : other));
      const copy = before.slice();
      applyChanges(copy, findChanges(0, before, after));
      expect(copy).toEqual(after);
    }),
  );
});

test('a sign of zero and a poisoned element count as changes, equal NaN do not', () => {
  const changes = findChanges(2, Float64Array.of(0, NaN, NaN, 1), Float64Array.of(-0, NaN, 5, 1));
  expect(changes).toEqual({ binding: 2, indices: Uint32Array.of(0, 2), values: Float64Array.of(-0, 5) });
});
