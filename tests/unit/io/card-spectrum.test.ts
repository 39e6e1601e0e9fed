/** Cards of sliding-range fits: what is accepted, and which kind of card it is. */
import { describe, expect, test } from 'vitest';
import { hashCard, isSpectrumCard, parseAnyCard, parseCard } from '../../../src/io/card.ts';
import { GOOD_CARD } from './card-example.ts';
import { changed, expectOneLine, keysOf, linesOf, SPECTRUM_CARD, type Mistake } from './spectrum-card-example.ts';

describe('good cards', () => {
  test('the example with every part is accepted', () => {
    const { card } = parseAnyCard(SPECTRUM_CARD, 'card.yaml');
    if (!isSpectrumCard(card)) throw new Error('not taken for a card of spectra');
    expect(card.spectra.map(({ name }) => name)).toEqual(['events', 'table', 'pseudo']);
    expect(card.statistics.limits.map(({ method }) => method)).toEqual(['cls-asymptotic', 'profile', 'bayes']);
  });

  test('the same card as JSON is the same card', async () => {
    const yaml = parseAnyCard(SPECTRUM_CARD, 'card.yaml').card;
    const json = parseAnyCard(JSON.stringify(yaml), 'card.json').card;
    expect(json).toEqual(yaml);
    expect(await hashCard(json)).toBe(await hashCard(yaml));
  });

  test.each([
    ['an infinite prior with lognormal constraints', 'name: trigger, constraint: normal', 'name: trigger, constraint: lognormal', '1.0e+5', '.inf'], // prettier-ignore
    ['no limit and no coupling', /limits:[^]*?expected/, 'limits: []\n  expected', /couplings:[^]*?seed/, 'seed'],
    ['numbers of powers to choose from', 'powers: 1', 'powers: { rule: f-test, from: 1, to: 3 }', 'seed: 7', ''],
    ['degrees of an exponential to choose from', 'kind: chebyshev', 'kind: exponential', 'seed: 7', ''],
    ['no bins', 'degree: { rule: f-test, from: 1, to: 4, level: 0.01 }', 'degree: 2', 'width: "sigma_x(x)/5"', 'unbinned: true'], // prettier-ignore
    ['a degree 0', 'degree: { rule: f-test, from: 1, to: 4, level: 0.01 }', 'degree: 0', 'seed: 7', 'seed: 0'],
    ['hypotheses of a table with the resolution as a formula', '{ x: x0, sigma: s0 } } }', '{ x: x0 } } }\n    resolution: 0.3', 'seed: 7', ''], // prettier-ignore
    ['one spectrum without a name', /- name: table[^]*?signal:/, '\nsignal:', '- name: events\n   ', '-'],
  ])('%s', (_, from, to, from2, to2) => {
    const text = SPECTRUM_CARD.replace(from, () => to).replace(from2, () => to2);
    expect(text).not.toBe(SPECTRUM_CARD);
    expect(linesOf(text)).toEqual([]);
  });
});

describe('the two kinds of cards', () => {
  test.each<Mistake>([
    [
      'scan: { kind: spectrum }',
      'scan: windows',
      'spectra:',
      `spectra, mass do not belong to scan: windows, but to scan: {kind: spectrum}; keys here: ${keysOf('Card')}`,
    ],
    [
      'seed: 7',
      'windows: { half_axes: 2 }\nbackground: 1\nx: 2',
      'windows',
      `windows, background, x do not belong to scan: {kind: spectrum}, but to scan: windows; keys here: ${keysOf('SpectrumCard')}`,
    ],
    ...['data', 'simulation', 'toys', 'y'].map((key): Mistake => [
      'seed: 7',
      `${key}: {}`,
      key,
      `${key} does not belong to scan: {kind: spectrum}, but to scan: windows; keys here: ${keysOf('SpectrumCard')}`,
    ]),
    [
      'scan: { kind: spectrum }',
      'scan: spectrum',
      'spectrum',
      "scan is 'spectrum', allowed: windows, {kind: spectrum}",
    ],
    ['scan: { kind: spectrum }', 'scan: [spectrum]', '[', 'scan is a list of 1, allowed: windows, {kind: spectrum}'],
    ['scan: { kind: spectrum }', 'scan: 3', '3', 'scan is 3, allowed: windows, {kind: spectrum}'],
    ['scan: { kind: spectrum }', 'scan:', '', 'scan is empty, allowed: windows, {kind: spectrum}'],
    [
      'scan: { kind: spectrum }',
      'scan: { kind: spectum }',
      'spectum',
      "scan.kind is 'spectum', allowed: spectrum; did you mean 'spectrum'?",
    ],
    ['scan: { kind: spectrum }', 'scan: { kind: 3 }', '3', 'scan.kind is 3, allowed: spectrum'],
    [
      'scan: { kind: spectrum }',
      'scan: { kinds: spectrum }',
      'kinds',
      "scan.kinds is not a known key; did you mean 'kind'? allowed: kind",
    ],
    [
      'scan: { kind: spectrum }',
      'scan: {}',
      '{}',
      "scan lacks the key 'kind': spectrum: extended likelihood fits in sliding ranges of binned spectra",
    ],
    [
      'scan: { kind: spectrum }',
      'scan: { kind: spectrum, step: 3 }',
      'step',
      'scan.step is not a known key; allowed: kind',
    ],
    [
      'scan: { kind: spectrum }',
      'scn: { kind: spectrum }',
      'scn',
      `scn is not a known key; did you mean 'scan'? allowed: ${keysOf('SpectrumCard')}`,
    ],
    [
      'spectra:',
      'spectrum:',
      'spectrum',
      `spectrum is not a known key; did you mean 'spectra'? allowed: ${keysOf('SpectrumCard')}`,
    ],
  ])('%s -> %s', (from, to, at, expected) => expectOneLine(changed(from, to), at, expected));

  test('a card of windows with the other scan is told its own keys once', () => {
    expectOneLine(
      changed('scan: windows', 'scan: { kind: spectrum }', GOOD_CARD),
      'data:',
      `data, x, y, windows, background, simulation do not belong to scan: {kind: spectrum}, but to scan: windows; keys here: ${keysOf('SpectrumCard')}`,
    );
    expectOneLine(
      changed('scan: windows', 'scan: { kind: windows }', GOOD_CARD),
      '{ kind',
      'scan is a block with the keys kind, allowed: windows',
    );
    expectOneLine(
      changed('scan: windows', 'scan: window', GOOD_CARD),
      'window',
      "scan is 'window', allowed: windows, {kind: spectrum}; did you mean 'windows'?",
    );
  });

  test('what needs a card of windows says so', () => {
    expect(linesOf(SPECTRUM_CARD, parseCard)).toEqual([
      'card.yaml: scan is {kind: spectrum}, expected windows: a scan of windows needs a card of windows',
    ]);
  });

  test('spectra must be there', () => {
    expectOneLine(
      SPECTRUM_CARD.replace(/spectra:[^]*?\nsignal/, () => 'spectra: []\nsignal'),
      '[]',
      'spectra has 0 entries, expected at least 1',
    );
  });
});
