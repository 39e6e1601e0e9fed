/** Mistakes of a card with their places, and changes that wait until nobody types. */
import { signal } from '@preact/signals';
import { afterEach, expect, test, vi } from 'vitest';
import { checkCard } from '../../src/web/state/card-check.ts';
import { settled } from '../../src/web/state/settled.ts';
import { TINY_CARD } from './support/card.ts';

afterEach(() => void vi.useRealTimers());

test('a good card has no problem; every mistake has its line and column, in the order of the lines', () => {
  expect(checkCard(TINY_CARD, 'c').problems).toEqual([]);
  const bad = TINY_CARD.replace('name: tiny', 'name: Tiny')
    .replace('step: 2', 'stepp: 2')
    .replace('x: 0.1', "x: 'x +'");
  const { parsed, problems } = checkCard(bad, 'my card: v2.yaml');
  expect(parsed).toBeUndefined();
  expect(problems.map(({ line, column }) => [line, column])).toEqual([
    [2, 7],
    [6, 52],
  ]);
  expect(problems[1].message).toMatch(/^windows\.stepp is not a known key; did you mean 'step'\?/);
});

test('text that is no YAML, too long or empty is a problem of line 1 or of its place', () => {
  expect(checkCard('a: [1\nb: 2', 'c').problems[0]).toMatchObject({ line: 2 });
  expect(checkCard('', 'c').problems).toEqual([{ line: 1, column: 1, message: 'c: is empty, expected a card' }]);
  expect(checkCard('#'.repeat(1_000_001), 'c').problems[0].message).toMatch(/^c: has 1000001 characters, at most/);
});

test('a settled signal follows when there was quiet, and not for what was taken back', () => {
  vi.useFakeTimers();
  const text = signal('a');
  const quiet = settled(text, 150);
  const seen: string[] = [];
  quiet.subscribe((value) => seen.push(value));
  text.value = 'b';
  vi.advanceTimersByTime(100);
  text.value = 'c';
  vi.advanceTimersByTime(100);
  expect(seen).toEqual(['a']);
  vi.advanceTimersByTime(50);
  expect(seen).toEqual(['a', 'c']);
  text.value = 'd';
  text.value = 'c';
  vi.advanceTimersByTime(500);
  expect(seen).toEqual(['a', 'c']);
});
