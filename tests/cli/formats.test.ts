/** The same events in every format give the same counts; what cannot be read is refused in one line. */
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { findColumn, numbersOf } from '../../src/model/result.ts';
import { fixture, FIXTURES } from '../support/fixtures.ts';
import { bench, type Edit } from './line-card.ts';

const { at, cli, scan, tableOf } = bench();

const FILES = [
  'events.root',
  'two-trees.root',
  'odd.parquet',
  'events-gzip-optional.parquet',
  'events-none-required.parquet',
];

beforeAll(() => {
  for (const name of FILES) copyFileSync(FIXTURES + name, at(name));
  const csv = fixture('events.csv');
  writeFileSync(at('same.csv'), csv);
  writeFileSync(at('same.csv.gz'), gzipSync(csv));
  writeFileSync(at('zipped.root'), gzipSync(fixture('events.root')));
});

/** Uses m, e, q and ok: rows without e are rejected, and some by a rule. */
const selected = (file: string, more = ''): Edit => [
  '{ file: events.csv }',
  `{ file: ${file}, derive: { twice: "2*e" }, select: ["twice > 6", "q < 0 || ok"]${more} }`,
];
const REGION: Edit = ['region: { x: [1, 3] }', 'region: { x: [2, 7] }'];

describe('the same events', () => {
  const names = [
    'same.csv',
    'same.csv.gz',
    'events.root',
    'zipped.root',
    'events-gzip-optional.parquet',
    'events-none-required.parquet',
  ];

  test('give the same windows from every format', async () => {
    const results = [];
    for (const [i, name] of names.entries()) {
      const { code, out, err } = await scan(`run${i}`, [selected(name), REGION], '--json');
      expect(code, err).toBe(0);
      const table = await tableOf(`run${i}`);
      const { rows } = JSON.parse(out).summary;
      results.push({ rows, n: [...numbersOf(table, 'n')], limits: [...numbersOf(table, 'limit_obs')] });
    }
    const [csv] = results;
    const sum = csv.n.reduce((a, b) => a + b, 0);
    expect(sum).toBeGreaterThan(20);
    expect(csv.rows).toMatchObject({ read: 100, rejected: { 'e: empty': 7 } });
    for (const [i, result] of results.entries()) {
      expect(result.n, names[i]).toEqual(csv.n);
      expect(result.limits, names[i]).toEqual(csv.limits);
      expect([result.rows.read, result.rows.used], names[i]).toEqual([csv.rows.read, csv.rows.used]);
    }
    expect(findColumn(await tableOf('run0'), 'n')).toBeDefined();
  });

  test('a tree is named in the card', async () => {
    const { code, err } = await scan('tree', [
      ['{ file: events.csv }', '{ file: two-trees.root, tree: dir/background }'],
      REGION,
    ]);
    expect(code, err).toBe(0);
  });

  test('windows, maps and samples come from any format too', async () => {
    const map: Edit = ['density: 10 }', 'sample: { file: events.root, scale: 0.5 } }'];
    const { code, err } = await scan('sample', [selected('events-gzip-optional.parquet'), REGION, map]);
    expect(code, err).toBe(0);
  });
});

describe('refusals', () => {
  test.each<[string, Edit, RegExp]>([
    [
      'a wrong tree',
      selected('two-trees.root', ', tree: sginal'),
      /two-trees.root: no tree 'sginal'; did you mean 'signal'\?/,
    ],
    ['no tree named', selected('two-trees.root'), /has 2 trees \(signal, dir\/background\); name one as 'tree'$/],
    ['a tree of a CSV file', selected('same.csv', ', tree: t'), /^same.csv: is a CSV file, which has no tree 't'/],
    [
      'a wrong branch',
      ['{ file: events.csv }', '{ file: events.root, select: ["mm > 1"] }'],
      /^events.root: no column 'mm'/,
    ],
    [
      'an array branch',
      ['{ file: events.csv }', '{ file: two-trees.root, tree: signal, select: ["v > 1"] }'],
      /branch 'v' is an array of 3, expected one number per entry; usable are m$/,
    ],
    [
      'a decimal column',
      ['{ file: events.csv }', '{ file: odd.parquet, select: ["price > 1"] }'],
      /^odd.parquet: column 'price' is of type decimal/,
    ],
    [
      'text',
      ['{ file: events.csv }', '{ file: odd.parquet, select: ["name > 1"] }'],
      /^odd.parquet: column 'name' is of type string/,
    ],
    [
      'only nulls',
      ['{ file: events.csv }', '{ file: odd.parquet, select: ["nothing > 1"] }'],
      /2 rows read, none used \(2 nothing: empty\)/,
    ],
  ])('%s', async (name, edit, line) => {
    const run = name.replace(/ /g, '-');
    const { code, out, err } = await scan(run, [edit]);
    expect([code, out]).toEqual([5, '']);
    expect(err.trimEnd().split('\n').at(-1)).toMatch(line);
    expect(existsSync(at(run))).toBe(false);
  });

  test.each(['events.root', 'events-none-required.parquet'])('%s, truncated anywhere', async (name) => {
    const bytes = fixture(name);
    for (const length of [bytes.length - 1, bytes.length >> 1, 5]) {
      writeFileSync(at('short.bin'), bytes.subarray(0, length));
      const { code, err } = await scan('short', [selected('short.bin')]);
      expect(code).toBe(5);
      expect(err.trimEnd().split('\n').at(-1)).toMatch(/^short.bin: (ROOT file ends too early|damaged Parquet file)/);
    }
  });

  test('a limit on bytes is told with the way to raise it', async () => {
    const { code, err } = await cli('inspect same.csv.gz', { env: { DARKSCAN_MAX_DATA_BYTES: '2000' } });
    expect([code, err]).toEqual([
      9,
      "inspect: 'same.csv.gz' holds more than 2000 bytes; raise DARKSCAN_MAX_DATA_BYTES if that is meant\n",
    ]);
  });
});

describe('inspect', () => {
  test('names trees, columns, ranges and what cannot be used', async () => {
    const { code, out, err } = await cli('inspect two-trees.root');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^two-trees.root: ROOT, \d+ bytes, 20 rows\nsha256 [0-9a-f]{64}\n/);
    expect(out).toContain('trees: signal;1, dir/background;1; shown: signal;1');
    expect(out).toMatch(/^m +double +20 +2.024692 +9.08013 +0$/m);
    expect(out).toMatch(/^v +TLeafD +not usable: is an array of 3$/m);
  });

  test.each(['same.csv', 'same.csv.gz', 'events.root', 'events-gzip-optional.parquet'])('%s as JSON', async (name) => {
    const { code, out } = await cli(`inspect ${name} --json`);
    expect(code).toBe(0);
    const summary = JSON.parse(out);
    expect(summary).toMatchObject({ file: name, rows: 100, compressed: name.endsWith('gz') });
    const ranges = summary.columns.map(({ name: column, finite, min, max }: Record<string, unknown>) => [
      column,
      finite,
      min,
      max,
    ]);
    expect(ranges).toEqual([
      ['m', 100, 2.018891, 10.599015],
      ['e', 93, 1.25, 10],
      ['q', 100, -1, 1],
      ['n', 100, 10820235199, 1092606304787],
      ['ok', 100, 0, 1],
    ]);
  });

  test('a file that is not there is an error of kind data', async () => {
    expect(await cli('inspect none.root')).toMatchObject({ code: 5, out: '' });
  });
});
