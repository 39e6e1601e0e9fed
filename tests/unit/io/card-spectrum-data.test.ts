/** Spectra of a card: data, bins, hypotheses, ranges; one line for each mistake. */
import { describe, expect, test } from 'vitest';
import { changed, expectOneLine, keysOf, linesOf, type Mistake } from './spectrum-card-example.ts';

describe('a spectrum and its data', () => {
  test.each<Mistake>([
    [
      'name: events',
      'nam: events',
      'nam',
      `spectra[0].nam is not a known key; did you mean 'name'? allowed: ${keysOf('SpectrumBlock')}`,
    ],
    ['name: events', 'name: 3', '3', 'spectra[0].name is 3, expected text'],
    [
      'name: events',
      'title: events',
      'title',
      `spectra[0].title is not a known key; allowed: ${keysOf('SpectrumBlock')}`,
    ],
    [
      'name: table',
      'name: events',
      'events',
      "spectra[1].name 'events' is already the name of spectra[0]; names are used once",
    ],
    [
      'file: events.csv',
      'fil: events.csv',
      'fil',
      "spectra[0].data.fil is not a known key; did you mean 'file'? allowed: file, tree, derive, select",
    ],
    [
      'file: events.csv',
      'file: events.csv\n      histogram: { file: a.csv }',
      'histogram',
      'spectra[0].data.histogram is not a known key; allowed: file, tree, derive, select',
    ],
    [
      'derive: { m2: "m*m" }',
      'derive: { m2: "m*" }',
      '"m*"',
      "spectra[0].data.derive.m2: 'm*' is not a formula: expected expression after * at character 2",
    ],
    [
      '"q1*q2 < 0"',
      '"q1*q2 <"',
      '"q1*q2 <"',
      "spectra[0].data.select[0]: 'q1*q2 <' is not a formula: expected expression after < at character 7",
    ],
    [
      'select: ["q1*q2 < 0", "m < 80"]',
      'select: "m < 80"',
      '"m',
      "spectra[0].data.select is 'm < 80', expected a list",
    ],
    [
      'histogram: { file',
      'histogramm: { file',
      'histogramm',
      "spectra[1].data.histogramm is not a known key; did you mean 'histogram'? allowed: histogram",
    ],
    [
      'histogram: { file',
      'histogram: { fle',
      'fle',
      "spectra[1].data.histogram.fle is not a known key; did you mean 'file'? allowed: file, tree, columns",
    ],
    [
      ', count: n }',
      ' }',
      '{ low',
      "spectra[1].data.histogram.columns lacks the key 'count': column with the observed events (whole numbers)",
    ],
    [
      'count: n',
      'counts: n',
      'counts',
      "spectra[1].data.histogram.columns.counts is not a known key; did you mean 'count'? allowed: low, high, count",
    ],
    ['count: n', 'count: 3', '3', 'spectra[1].data.histogram.columns.count is 3, expected text'],
    [
      'columns: { low: lo, high: hi, count: n }',
      'columns: [lo, hi, n]',
      '[lo',
      'spectra[1].data.histogram.columns is a list of 3, expected a block with the keys low, high, count',
    ],
    [
      'data: { simulate: { density: "30*exp(-x/20)", events: 5000, inject: [{ x: 20, events: 40 }] } }',
      'data: { simulate: true }',
      'true',
      'spectra[2].data.simulate is true, expected a block with the keys density, events, inject',
    ],
    [
      'simulate: {',
      'simulat: {',
      'simulat',
      "spectra[2].data.simulat is not a known key; did you mean 'simulate'? allowed: simulate",
    ],
    [
      'simulate: { density',
      'simulate: { densty',
      'densty',
      "spectra[2].data.simulate.densty is not a known key; did you mean 'density'? allowed: density, events, inject",
    ],
    [
      '30*exp(-x/20)',
      '30*exp(-m/20)',
      '"30',
      "spectra[2].data.simulate.density: unknown name 'm' in '30*exp(-m/20)'; known: x, sqrt_s, tail, pi",
    ],
    ['events: 5000', 'events: -5', '-5', 'spectra[2].data.simulate.events is -5, expected a number of at least 0'],
    [
      '[{ x: 20, events: 40 }]',
      '{ x: 20, events: 40 }',
      '{ x',
      'spectra[2].data.simulate.inject is a block with the keys x, events, expected a list',
    ],
    [
      'x: 20, events: 40',
      'x: 20, event: 40',
      'event',
      "spectra[2].data.simulate.inject[0].event is not a known key; did you mean 'events'? allowed: x, events",
    ],
    [
      'x: 20, events: 40',
      'x: 20, events: -40',
      '-40',
      'spectra[2].data.simulate.inject[0].events is -40, expected a number of at least 0',
    ],
    [
      'x: { column: m2',
      'x: { colum: m2',
      'colum',
      "spectra[0].x.colum is not a known key; did you mean 'column'? allowed: column, label, unit",
    ],
    [
      'x: { column: m2, label',
      'x: { label',
      '{ label',
      "spectra[0].x lacks the key 'column', which events need; add it",
    ],
    ['x: { label: y }', 'x: {}', '{}', 'spectra[2].x is empty, expected at least one of column, label, unit'],
    ['x: { label: y }', 'x: y', 'y', "spectra[2].x is 'y', expected a block with the keys column, label, unit"],
  ])('%s -> %s', (from, to, at, expected) => expectOneLine(changed(from, to), at, expected));

  test('each of several spectra needs a name', () =>
    expectOneLine(
      changed('- name: table\n    data', '- data'),
      'data',
      "spectra[1] lacks the key 'name'; the card has 3 spectra",
    ));

  test('data with none of the forms', () =>
    expectOneLine(
      changed('histogram: { file: counts.csv, columns: { low: lo, high: hi, count: n } }', 'rows: 3'),
      '{ rows',
      'spectra[1].data has none of the keys file, histogram, simulate; one of them is needed',
    ));
});

describe('bins, hypotheses and ranges', () => {
  test.each<Mistake>([
    ['from: 1, to: 60', 'from: 60, to: 1', '{ from: 60', 'spectra[0].bins go from 60 to 1, expected from < to; correct them'], // prettier-ignore
    ['from: 1, to: 60', 'from: 60, to: 60', '{ from: 60', 'spectra[0].bins go from 60 to 60, expected from < to; correct them'], // prettier-ignore
    [
      'from: 1, to: 60',
      'from: 1',
      '{ from',
      "spectra[0].bins lacks the key 'to': end of the bins: the last one ends there or is left out",
    ],
    [
      'bins: { from: 1,',
      'bin: { from: 1,',
      'bin',
      `spectra[0].bin is not a known key; did you mean 'bins'? allowed: ${keysOf('SpectrumBlock')}`,
    ],
    [
      '    bins: { from: 10, to: 40, width: 0.25 }\n',
      '',
      'name',
      "spectra[2] lacks the key 'bins', in which events are counted; add it",
    ],
    [
      'bins: { from: 10, to: 40, width: 0.25 }',
      'bins: 100',
      '100',
      'spectra[2].bins is 100, expected a block with the keys from, to, width, or a block with the keys from, to, unbinned',
    ],
    [
      'from: 1, to: 60, width: "sigma_x(x)/5"',
      'from: 1, to: 60, unbinned: true',
      '{ from',
      'spectra[0].bins is unbinned, but the order of the background is chosen by a rule; give a width or one order',
    ],
    [
      'width: 0.25',
      'unbinned: true',
      '{ from: 10',
      'spectra[2].bins is unbinned, which needs a file of events; give a width',
    ],
    ['width: 0.25', 'unbinned: false', 'false', 'spectra[2].bins.unbinned is false, allowed: true'],
    [', width: 0.25', '', '{ from: 10', 'spectra[2].bins has none of the keys width, unbinned; one of them is needed'],
    [
      'width: 0.25',
      'width: "0.25*m"',
      '"0.25',
      "spectra[2].bins.width: unknown name 'm' in '0.25*m'; known: x, sqrt_s, tail, pi",
    ],
    [
      'x: { label: "M_{rec}^{2}" }',
      'x: { label: z }\n    bins: { from: 0, to: 1, width: 1 }',
      '{ from',
      'spectra[1].bins is given, but the binned table has its own; remove it',
    ],
    ['from: 4, to: 50', 'from: 50, to: 4', '{ from: 50', 'spectra[0].hypotheses go from 50 to 4, expected from <= to; correct them'], // prettier-ignore
    [
      'from: 4, to: 50, step: 0.5',
      'from: 4, to: 50',
      '{ from: 4',
      "spectra[0].hypotheses lacks the key 'step': distance between neighbours in units of the resolution, such as 0.5",
    ],
    ['step: 0.5', 'step: 0', '0', 'spectra[0].hypotheses.step is 0, expected a number above 0'],
    ['step: 0.5', 'stp: 0.5', 'stp', "spectra[0].hypotheses.stp is not a known key; did you mean 'step'? allowed: from, to, step"], // prettier-ignore
    ['from: 4, to: 50', 'from: .nan, to: 50', '.nan', 'spectra[0].hypotheses.from is NaN, expected a number'],
    ['from: 4, to: 50', 'from: 4, to: .inf', '.inf', 'spectra[0].hypotheses.to is Infinity, expected a number'],
    [
      'hypotheses: { from: 4, to: 50, step: 0.5 }',
      'hypotheses: {}',
      '{}',
      'spectra[0].hypotheses has none of the keys from, to, step, table; one of them is needed',
    ],
    [
      'hypotheses: { from: 4, to: 50, step: 0.5 }',
      'hypotheses: 100',
      '100',
      'spectra[0].hypotheses is 100, expected a block with the keys from, to, step, or a block with the keys table',
    ],
    [
      'hypotheses: { table',
      'hypotheses: { tabel',
      'tabel',
      "spectra[1].hypotheses.tabel is not a known key; did you mean 'table'? allowed: table",
    ],
    [
      'sigma: s0',
      'sigmas: s0',
      'sigmas',
      "spectra[1].hypotheses.table.columns.sigmas is not a known key; did you mean 'sigma'? allowed: x, sigma",
    ],
    [
      'x: x0, sigma: s0',
      'sigma: s0',
      '{ sigma',
      "spectra[1].hypotheses.table.columns lacks the key 'x': column with the position of the signal, ascending",
    ],
    [
      'x: x0, sigma: s0',
      'x: x0',
      'name: table',
      "spectra[1] lacks the key 'resolution': standard deviation of x, a formula of x and m",
    ],
    [
      'sigma: s0 } } }',
      'sigma: s0 } } }\n    resolution: 0.3',
      '0.3',
      'spectra[1].resolution is given, but the table of hypotheses has a column sigma; keep one',
    ],
    ['"sqrt(x)"', '"sqrt(m)"', '"sqrt(m)"', "spectra[0].mass: unknown name 'm' in 'sqrt(m)'; known: x, sqrt_s, tail, pi"], // prettier-ignore
    ['mass: "sqrt(x)"', 'mas: "sqrt(x)"', 'mas', `spectra[0].mas is not a known key; did you mean 'mass'? allowed: ${keysOf('SpectrumBlock')}`], // prettier-ignore
    ['resolution: "sigma_x(x)"', 'resolution: { x: 1 }', '{ x', 'spectra[0].resolution is a block with the keys x, expected a number or text'], // prettier-ignore
    [
      'half_width: 12',
      'half_widht: 12',
      'half_widht',
      "spectra[0].range.half_widht is not a known key; did you mean 'half_width'? allowed: half_width, min_width, clip, exclude",
    ],
    ['half_width: 12', 'half_width: 0', '0', 'spectra[0].range.half_width is 0, expected a number above 0'],
    ['half_width: 12', 'half_width: "12"', '"12"', "spectra[0].range.half_width is '12', expected a number"],
    [
      'half_width: 12, ',
      '',
      '{ min',
      "spectra[0].range lacks the key 'half_width': the range is x +- half_width resolutions, whole bins",
    ],
    ['min_width: 2.5', 'min_width: -1', '-1', 'spectra[0].range.min_width is -1, expected a number of at least 0'],
    ['clip: [1, 59]', 'clip: [59, 1]', '[59', 'spectra[0].range.clip is [59, 1], expected [low, high] with low < high; swap or correct them'], // prettier-ignore
    ['clip: [1, 59]', 'clip: [1]', '[1]', 'spectra[0].range.clip has 1 entries, expected at least 2'],
    ['clip: [1, 59]', 'clip: [1, 2, 3]', '[1, 2', 'spectra[0].range.clip has 3 entries, expected at most 2'],
    ['clip: [1, 59]', 'clip: [a, 59]', 'a', "spectra[0].range.clip[0] is 'a', expected a number"],
    [
      '[13.4, 13.7]',
      '[13.4, 13.4]',
      '[13.4',
      'spectra[0].range.exclude[1] is [13.4, 13.4], expected [low, high] with low < high; swap or correct them',
    ],
    [
      'exclude: [[9.4, 9.8], [13.4, 13.7]]',
      'exclude: [9.4]',
      '9.4',
      'spectra[0].range.exclude[0] is 9.4, expected a list of 2',
    ],
    [
      'exclude:',
      'excluded:',
      'excluded',
      "spectra[0].range.excluded is not a known key; did you mean 'exclude'? allowed: half_width, min_width, clip, exclude",
    ],
  ])('%s -> %s', (from, to, at, expected) => expectOneLine(changed(from, to), at, expected));

  test('a mistyped function: the one that was meant', () => {
    const text = changed('resolution: "sigma_x(x)"', 'resolution: "sigma(x)"');
    expect(linesOf(text)).toHaveLength(1);
    expect(linesOf(text)[0]).toMatch(
      /^card.yaml:21:17: spectra\[0\].resolution: unknown function 'sigma' in 'sigma\(x\)'; did you mean 'sigma_x'\?/,
    );
  });
});
