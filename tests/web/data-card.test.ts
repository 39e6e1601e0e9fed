/** Using a data file changes its part of the card's text and leaves the rest alone. */
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAnyCard } from '../../src/io/card.ts';
import { setInCard } from '../../src/web/data/card-text.ts';
import { cardWithFile } from '../../src/web/data/use-file.ts';

function example(name: string): string {
  return fs.readFileSync(new URL(`../../examples/${name}/card.yaml`, import.meta.url), 'utf8');
}

/** Lines of b that are not in a, and of a that are not in b. */
function difference(a: string, b: string): { removed: string[]; added: string[] } {
  const [old, fresh] = [a.split('\n'), b.split('\n')];
  return {
    removed: old.filter((line) => !fresh.includes(line)),
    added: fresh.filter((line) => !old.includes(line)),
  };
}

const CHOICE = { file: 'events.csv', x: 'm', y: 'e', select: ['q > 0'], blind: true };

test('a card of simulated data gets the file, the columns and a blind block; no other line changes', () => {
  const text = example('dark-higgsstrahlung');
  const edited = cardWithFile(text, CHOICE);
  expect(difference(text, edited)).toEqual({
    removed: [
      'data: { simulate: true }',
      "x: { column: m_mumu, label: 'M_{#mu#mu}', unit: 'GeV/c^{2}' }",
      "y: { column: m_rec2, label: 'M_{rec}^{2}', unit: 'GeV^{2}/c^{4}' }",
    ],
    added: [
      'data:',
      '  file: events.csv',
      '  select:',
      "    - 'q > 0'",
      '# data given to the page: blind everywhere until unblinded (--unblind); the result records it',
      'blind:',
      '  - { x: [-1e+30, 1e+30], y: [-1e+30, 1e+30], in_bands: true }',
      "x: { column: m, label: 'M_{#mu#mu}', unit: 'GeV/c^{2}' }",
      "y: { column: e, label: 'M_{rec}^{2}', unit: 'GeV^{2}/c^{4}' }",
    ],
  });
  expect(parseAnyCard(edited, 'card.yaml').card).toMatchObject({
    data: { file: 'events.csv', select: ['q > 0'] },
    blind: [{ x: [-1e30, 1e30], y: [-1e30, 1e30], in_bands: true }],
  });
});

test('a card of data keeps what the new file does not change, with its comments', () => {
  const text = example('delphi-recoil').replace('  select:', '  # opposite charges, below the Z\n  select:');
  const { select } = (parseAnyCard(text, 'c').card as { data: { select: string[] } }).data;
  const same = { x: 'm_mumu_GeV', y: 'm_recoil2_GeV2', select, blind: false };
  expect(cardWithFile(text, { ...same, file: 'delphi_dimuon_clean.csv.gz' })).toBe(text);
  expect(difference(text, cardWithFile(text, { ...same, file: 'mine.root', tree: 'events' }))).toEqual({
    removed: ['  file: delphi_dimuon_clean.csv.gz'],
    added: ['  tree: events', '  file: mine.root'],
  });
});

test('a selection that is emptied, or a tree no longer needed, is taken out', () => {
  const text = cardWithFile(example('delphi-recoil'), { ...CHOICE, tree: 'old' });
  const edited = cardWithFile(text, { ...CHOICE, select: [] });
  expect((parseAnyCard(edited, 'c').card as { data: unknown }).data).toEqual({ file: 'events.csv' });
});

test('a card that says what is blind keeps that', () => {
  const text = example('dark-higgsstrahlung').replace('windows:\n', 'blind: [{ x: [2, 3], y: [1, 2] }]\nwindows:\n');
  expect(parseAnyCard(cardWithFile(text, CHOICE), 'c').card).toMatchObject({ blind: [{ x: [2, 3], y: [1, 2] }] });
});

test('one of several spectra gets the file and the column, the other stays', () => {
  const text = example('alp-diphoton');
  const edited = cardWithFile(text, { file: 'a b.root', x: 'm_rec2', select: [], spectrum: 1, blind: false });
  expect(difference(text, edited)).toEqual({
    removed: [
      "    data: { simulate: { density: '720*(1 - exp(-(s - x)/25))' } }",
      "    x: { label: 'M^{2}_{rec}', unit: 'GeV^{2}/c^{4}' }",
    ],
    added: [
      '    data:',
      "      file: 'a b.root'",
      "    x: { column: m_rec2, label: 'M^{2}_{rec}', unit: 'GeV^{2}/c^{4}' }",
    ],
  });
  parseAnyCard(edited, 'card.yaml');
});

describe('values in any layout', () => {
  test.each([
    ['a: 1 # one\nb: 2\n', ['a'], 3, 'a: 3 # one\nb: 2\n'],
    ['a:\n  b: 1\n  # kept\n  c: 2\nd: 1', ['a', 'c'], 'x', 'a:\n  b: 1\n  # kept\n  c: x\nd: 1'],
    ['a:\n  b: 1 # was\n\n# next\nd: 1', ['a'], { c: 2 }, 'a:\n  c: 2\n\n# next\nd: 1'],
    ['a: {}\n', ['a', 'b'], 1, 'a: { b: 1 }\n'],
    ['a: { c: 2 }\n', ['a', 'b'], [1, 2], 'a: { b: [1, 2], c: 2 }\n'],
    ['a:\n', ['a', 'b'], 'x > 1', "a:\n  b: 'x > 1'\n"],
    ['a: 1\n', ['b', 'c'], 'true', 'b:\n  c: "true"\na: 1\n'],
    ['- a: 1\n- b: 2\n', [1, 'b'], 3, '- a: 1\n- b: 3\n'],
    ['{"a": {"b": 1}}', ['a', 'b'], 'x', '{"a": {"b": "x"}}'],
    ['{"a": 1}', ['b'], ['x'], '{"b": ["x"],"a": 1}'],
    ['a: |\n  text\n  more\nb: 1\n', ['a'], 'x', 'a: x\nb: 1\n'],
    ['a: 1\r\nb: 2\r\n', ['a'], 3, 'a: 3\r\nb: 2\r\n'],
  ] as const)('%j', (text, path, value, expected) => {
    expect(setInCard(text, path, value)).toBe(expected);
  });
});

test('what is no card is refused in one line', () => {
  expect(() => setInCard('a: [1', ['a'], 1)).toThrow(/^the card is not readable \([^\n]*\); correct its first problem/);
  expect(() => setInCard('', ['a'], 1)).toThrow(/^the card is not a block of keys; open an example/);
  expect(() => setInCard('a: 3', ['a', 'b'], 1)).toThrow(/^a is not a block of keys; correct it/);
});
