import { expect, test } from 'vitest';
import { didYouMean, editDistance, nearestWord } from '../../../src/model/did-you-mean.ts';

test.each([
  ['step', 'step', 0],
  ['stepp', 'step', 1],
  ['setp', 'step', 1],
  ['', 'abc', 3],
  // The textbook pair of edit distance (kitten -> sitting: 3).
  ['kitten', 'sitting', 3],
])('%s and %s are %d edits apart', (a, b, expected) => {
  expect(editDistance(a, b)).toBe(expected);
  expect(editDistance(b, a)).toBe(expected);
});

test('a near word is suggested, a far one is not, the nearest wins', () => {
  expect(nearestWord('Densty', ['name', 'density', 'dense'])).toBe('density');
  expect(nearestWord('foo', ['name', 'density'])).toBeUndefined();
  expect(nearestWord('z', ['x', 'y'])).toBeUndefined();
});

test('the suggestion joins the rest of the sentence', () => {
  expect(didYouMean('stepp', ['step'], 'allowed: step')).toBe("; did you mean 'step'? allowed: step");
  expect(didYouMean('foo', ['step'], 'allowed: step')).toBe('; allowed: step');
  expect(didYouMean('foo', ['step'])).toBe('');
});
