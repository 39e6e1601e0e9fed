/** Backgrounds measured in data that cannot be used: the documented exit code, one clear line, nothing written. */
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bench, MASSES, type Edit } from './line-card.ts';

const { at, cli, scan, folder } = bench();

/** The flat density of the line card, exchanged. */
const FLAT = '- { name: flat, density: 10 }';
const background = (...components: string[]): Edit => [FLAT, components.map((text) => `- ${text}`).join('\n    ')];
const band = (text: string): Edit => background(`{ name: band, side_band: { ${text} } }`);
const control = (text: string): Edit => background(`{ name: cr, control: { ${text} } }`);
const polynomial = (text: string): Edit => background(`{ name: poly, polynomial: { ${text} } }`);
const TABLE: Edit = [
  `  resolution: { x: 0.1 }
  half_axes: 2
  step: 2
  region: { x: [1, 3] }`,
  '  table: { file: windows.csv, columns: { x: m, half_width: w } }',
];
const PLANE: readonly Edit[] = [
  ['x: { column: m, unit: GeV }', 'x: { column: m, unit: GeV }\ny: { column: w }'],
  ['resolution: { x: 0.1 }', 'resolution: { x: 0.1, y: 0.1 }'],
  ['region: { x: [1, 3] }', 'region: { x: [1, 3], y: [0, 2] }'],
];
writeFileSync(at('windows.csv'), 'm,w\n1.2,0.2\n2,0.2\n');

/** One line on stderr that is not progress, the exit code, an empty stdout, no run directory. */
async function expectRefused(name: string, edits: readonly Edit[], code: number, line: RegExp): Promise<void> {
  const outcome = await scan(name, edits);
  const lines = outcome.err
    .trimEnd()
    .split('\n')
    .filter((text) => !/^line: scanning on |: \d+ of \d+$/.test(text));
  expect(lines, 'stderr').toHaveLength(1);
  expect(lines[0]).toMatch(line);
  expect([outcome.code, outcome.out]).toEqual([code, '']);
  const left = readdirSync(folder).filter((entry) => entry === name || entry.startsWith('.darkscan'));
  expect(left, 'nothing is written').toEqual([]);
}

const AT = String.raw`background\.components\[0\]\.`;

describe('side bands', () => {
  test.each<[name: string, text: string, line: string, more?: readonly Edit[]]>([
    [
      'neither an outer edge nor a condition',
      'tau: area',
      'side_band has neither outer nor where, expected an outer edge',
    ],
    [
      'edges in the wrong order',
      'inner: 6, outer: 4, tau: area',
      'side_band.outer is 4, expected a number above inner \\(6\\)',
    ],
    [
      'the default inner edge beyond the outer one',
      'outer: 3, tau: area',
      'side_band.outer is 3, expected a number above inner \\(3\\)',
    ],
    [
      'a band inside the window',
      'inner: 1.5, outer: 4, tau: area',
      'side_band has inner 1.5, expected 2 \\(edge of the window\\) or more',
    ],
    [
      'a condition that is a number',
      "where: 'x - x0', tau: area",
      "side_band.where: 'x - x0' is a number, expected a condition",
    ],
    ['a condition that is a constant', 'where: 3, tau: area', "side_band.where: '3' is a number, expected a condition"],
    [
      'an unknown variable',
      "where: 'z < x0', tau: area",
      "side_band.where: unknown name 'z' in 'z < x0'.* known: x, x0, pi",
    ],
    ['y0 on a line', "where: 'x < y0', tau: area", "side_band.where: unknown name 'y0'"],
    [
      'a condition without a value',
      "where: 'sqrt(x - 1.5) < 9', tau: 1",
      'side_band.where compares with NaN at x = 1\\.\\d+, x0 = \\S+, expected',
    ],
    ['a tau of 0', 'outer: 6, tau: 0', 'side_band.tau is 0, expected a finite number above 0'],
    [
      'a tau that turns negative',
      "outer: 6, tau: '2 - x'",
      'side_band.tau is -\\S+ at x = 2\\S*, expected a finite number above 0',
    ],
    ['a tau that is no formula', "outer: 6, tau: 'x +'", "side_band.tau: 'x \\+' is not a formula"],
    [
      'a negative density',
      'outer: 6, tau: { density: -1 }',
      'side_band.tau.density is -1, expected a finite number above 0',
    ],
    [
      'a density that turns negative',
      "outer: 6, tau: { density: '2 - x' }",
      'side_band.tau.density is -\\S+ at x = \\S+, expected a finite number, 0 or more',
    ],
    ['a density of 0', "outer: 6, tau: { density: 'x > 9 ? 1 : 0' }", 'side_band.tau.density is 0 all over every band'],
    [
      'a density with an unknown name',
      "outer: 6, tau: { density: 'exp(-m)' }",
      "side_band.tau.density: unknown name 'm'",
    ],
    ['a leak with an unknown name', "outer: 6, tau: area, leak: 'gauss'", "side_band.leak: unknown name 'gauss'"],
    [
      'a negative leak',
      'outer: 6, tau: area, leak: -0.1',
      'side_band.leak is -0.1, expected a finite number, 0 or more',
    ],
    ['an infinite leak', "outer: 6, tau: area, leak: '1/(x - 1)'", 'side_band.leak is Infinity at x = 1'],
    [
      'a Gaussian leak of windows from a table',
      'inner: 1, outer: 3, tau: area, leak: gaussian',
      "side_band.leak is 'gaussian', but windows from a table",
      [TABLE],
    ],
    [
      'an area without an end',
      "inner: 1, where: 'x < x0', tau: area",
      'side_band.tau integrates over a band without an end',
      [TABLE],
    ],
    [
      'a key that does not exist',
      'outer: 6, tau: area, leek: 0',
      'side_band.leek is not a known key; did you mean .leak.',
    ],
  ])('%s', (_, text, line, more = []) => expectRefused('band', [band(text), ...more], 3, new RegExp(AT + line)));

  test('two into which signal leaks', async () => {
    const two = (more: string): Edit =>
      background(
        '{ name: a, side_band: { outer: 5, tau: area } }',
        `{ name: b, side_band: { inner: 5, outer: 7, tau: area${more} } }`,
      );
    const line =
      /components\[1\]\.side_band is the second band into which signal leaks \(after a\), expected at most one/;
    await expectRefused('leaks', [two('')], 3, line);
    expect((await scan('one-leak', [two(', leak: 0')])).code).toBe(0);
  });
});

describe('control samples', () => {
  test.each<[string, string, string]>([
    [
      'a transfer factor of 0',
      'file: events.csv, transfer: 0',
      'control.transfer is 0, expected a finite number above 0',
    ],
    [
      'a negative transfer factor',
      "file: events.csv, transfer: '1 - x'",
      'control.transfer is 0 at x = 1, expected a finite number above 0',
    ],
    ['no transfer factor', 'file: events.csv', "control lacks the key 'transfer'"],
    ['the data themselves', 'transfer: 1', 'control has neither file nor select: it would be the data themselves'],
    [
      'events that are data as well',
      'select: ["m > 1.5"], transfer: 1',
      'control: 7 of its 7 events are data as well, expected none',
    ],
    [
      'a condition that is no formula',
      'file: events.csv, select: ["m >"], transfer: 1',
      "control.select\\[0\\]: 'm >' is not a formula",
    ],
  ])('%s', (_, text, line) => expectRefused('control', [control(text)], 3, new RegExp(AT + line)));

  test('a column derived twice', () =>
    expectRefused(
      'derived',
      [
        ['{ file: events.csv }', '{ file: events.csv, derive: { v: "2*m" } }'],
        control('derive: { v: m }, select: ["w > 5"], transfer: 1'),
      ],
      3,
      /control\.derive\.v is already derived in data\.derive/,
    ));

  test('simulated data have no file for it and no density', () =>
    expectRefused(
      'simulated',
      [['{ file: events.csv }', '{ simulate: true }'], control('select: ["m > 1"], transfer: 1')],
      3,
      /components\[0\] \(cr\) has no density or map to draw events from; simulated data need one/,
    ));

  test.each<[string, string, RegExp]>([
    ['a missing file', 'file: none.csv, transfer: 1', /'none\.csv' not found/],
    [
      'a missing column in a condition',
      'file: events.csv, select: ["q > 0"], transfer: 1',
      /^events\.csv: no column 'q'; the file has m, w$/,
    ],
    [
      'no event left',
      'file: events.csv, select: ["m > 9"], transfer: 1',
      /^events\.csv: 11 rows read, none used .*control\.select/,
    ],
    [
      'Parquet without the column',
      'file: e.parquet, select: ["nope > 0"], transfer: 1',
      /^e\.parquet: no column 'nope'/,
    ],
    ['ROOT without the column', 'file: e.root, select: ["nope > 0"], transfer: 1', /^e\.root.*: no column 'nope'/],
    ['ROOT without the tree', 'file: e.root, tree: nothing, transfer: 1', /^e\.root: no tree 'nothing'/],
    ['ROOT with several trees', 'file: trees.root, transfer: 1', /^trees\.root: .*tree/],
    [
      'a tree of a CSV file',
      'file: events.csv, tree: t, transfer: 1',
      /^events\.csv: is a CSV file, which has no tree 't'/,
    ],
  ])('%s', async (_, text, line) => {
    copyFileSync('tests/fixtures/events-none-optional.parquet', at('e.parquet'));
    copyFileSync('tests/fixtures/events.root', at('e.root'));
    copyFileSync('tests/fixtures/two-trees.root', at('trees.root'));
    await expectRefused('file', [control(text)], 5, line);
  });

  test('validate looks for its file', async () => {
    expect((await scan('good', [control('file: events.csv, select: ["m > 1.5"], transfer: 1')])).code).toBe(0);
    const good = await cli('validate good.yaml');
    expect([good.code, good.err.match(/background\.components\[0\]\.control\.file: events\.csv/)?.length]).toEqual([
      0, 1,
    ]);
    await scan('lost', [control('file: lost.csv, transfer: 1')]);
    const lost = await cli('validate lost.yaml');
    expect([lost.code, lost.err]).toEqual([5, expect.stringContaining("'lost.csv' not found")]);
  });
});

describe('polynomials', () => {
  test.each<[name: string, text: string, line: string, more?: readonly Edit[]]>([
    ['no place to fit', 'degree: 2, bin_width: 0.1', 'polynomial says not where to fit, expected ranges or outer'],
    [
      'ranges and an outer edge',
      'degree: 2, ranges: [[1, 2]], outer: 6, bin_width: 0.1',
      'polynomial has ranges and outer, expected one',
    ],
    [
      'ranges and an inner edge',
      'degree: 2, ranges: [[1, 2]], inner: 3, bin_width: 0.1',
      'polynomial has ranges and inner, expected one',
    ],
    [
      'a range from right to left',
      'degree: 1, ranges: [[2, 1]], bin_width: 0.1',
      'polynomial.ranges\\[0\\] is \\[2, 1\\], expected',
    ],
    [
      'ranges that overlap',
      'degree: 1, ranges: [[1, 2], [1.5, 3]], bin_width: 0.1',
      'polynomial.ranges\\[1\\] is \\[1.5, 3\\], expected it to begin after \\[1, 2\\]',
    ],
    [
      'ranges out of order',
      'degree: 1, ranges: [[2, 3], [1, 1.5]], bin_width: 0.1',
      'polynomial.ranges\\[1\\] is \\[1, 1.5\\], expected it to begin after',
    ],
    [
      'edges in the wrong order',
      'degree: 1, inner: 5, outer: 4, bin_width: 0.1',
      'polynomial.outer is 4, expected a number above inner \\(5\\)',
    ],
    [
      'a band inside the window',
      'degree: 1, inner: 1, outer: 4, bin_width: 0.1',
      'polynomial has inner 1, expected 2 \\(edge of the window\\)',
    ],
    ['a degree of 9', 'degree: 9, outer: 9, bin_width: 0.1', 'polynomial.degree is 9'],
    [
      'bins of no width',
      'degree: 1, outer: 9, bin_width: 0',
      'polynomial.bin_width is 0, expected a finite number above 0',
    ],
    ['an unknown name', 'degree: 1, outer: 9, bin_width: "0.1*y"', "polynomial.bin_width: unknown name 'y'"],
    ['a plane', 'degree: 1, outer: 9, bin_width: 0.1', 'polynomial needs a card without y', PLANE],
  ])('%s', (_, text, line, more = []) =>
    expectRefused('polynomial', [polynomial(text), ...more], 3, new RegExp(AT + line)),
  );
});

describe('what commands say about a background', () => {
  const edits = [band("where: 'x > x0', outer: 6, tau: { density: 'exp(-x)' }")];

  test('validate: as the card has it', async () => {
    await scan('said', edits);
    const { err } = await cli('validate said.yaml');
    const line =
      "background band: side band, 3 to 6 resolutions, 'x > x0', tau by the density 'exp(-x)', leak gaussian";
    expect(err.split('\n')).toContain(line);
  });

  test('a dry run: ranges over the windows', async () => {
    const { out } = await cli('scan said.yaml --backend cpu --dry-run');
    expect(out).toMatch(
      /^background band: side-band, expected \S+ \(median \S+\), n_off \d+\.\.\d+ \(median \d+\), tau 0\..*, leak 0\..*\)$/m,
    );
  });

  test('explain: n_off, tau and leak of the window', async () => {
    const { out } = await cli('explain said.yaml --window 2 --json');
    const [component] = (JSON.parse(out) as { components: Record<string, number>[] }).components;
    // between x0 + 0.3 and x0 + 0.6 over x0 - 0.2 .. x0 + 0.2, and half of (sf(3) - sf(6)) / (0.5 - sf(2))
    const tau = (Math.exp(-0.3) - Math.exp(-0.6)) / (Math.exp(0.2) - Math.exp(-0.2));
    expect(component.tau).toBeCloseTo(tau, 9);
    expect(component.leak).toBeCloseTo(0.0028284911854514613 / 2, 12);
    expect(component.nOff).toBe(MASSES.filter((m) => m > 1.7 && m <= 2).length);
  });
});
