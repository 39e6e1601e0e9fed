/** Input that cannot be used: the documented exit code, one clear line on stderr, nothing written. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bench, edited, EVENTS, LINE_CARD, type Edit } from './line-card.ts';

const { at, cli, scan, folder } = bench();

/** Lines of stderr that are not progress. */
const complaints = (err: string): string[] =>
  err
    .trimEnd()
    .split('\n')
    .filter((line) => !/^line: scanning on |: \d+ of \d+$/.test(line));

async function expectRefused(name: string, edits: readonly Edit[], code: number, line: RegExp): Promise<void> {
  const outcome = await scan(name, edits);
  expect(complaints(outcome.err), 'stderr').toHaveLength(1);
  expect(complaints(outcome.err)[0]).toMatch(line);
  expect([outcome.code, outcome.out]).toEqual([code, '']);
  const left = readdirSync(folder).filter((entry) => entry === name || entry.startsWith('.darkscan'));
  expect(left, 'nothing is written').toEqual([]);
}

const dataFrom = (file: string): Edit => ['events.csv', file];

describe('data', () => {
  test('a missing file: where it was looked for', () =>
    expectRefused('missing', [dataFrom('none.csv')], 5, /'none.csv' not found, looked in \/.*DARKSCAN_DATA/));

  test('a wrong column: the one that was meant', () =>
    expectRefused(
      'column',
      [['column: m', 'column: mm']],
      5,
      /^events.csv: no column 'mm'; did you mean 'm'\? .* m, w/,
    ));

  test('a wrong column in a condition: the columns there are', () =>
    expectRefused(
      'condition',
      [['{ file: events.csv }', '{ file: events.csv, select: ["mass < 2"] }']],
      5,
      /^events\.csv: no column 'mass'; the file has m, w$/,
    ));

  test('a truncated gzip is not taken for a short file', async () => {
    const whole = gzipSync(EVENTS);
    for (const length of [whole.length - 1, whole.length - 9, 30, 12]) {
      writeFileSync(at('short.csv.gz'), whole.subarray(0, length));
      await expectRefused('short', [dataFrom('short.csv.gz')], 5, /short.csv.gz' ends too early \(truncated gzip\)/);
    }
  });

  test('a damaged gzip is found by its checksum', async () => {
    const damaged = gzipSync(EVENTS);
    damaged[damaged.length - 6] ^= 1;
    writeFileSync(at('damaged.csv.gz'), damaged);
    await expectRefused('damaged', [dataFrom('damaged.csv.gz')], 5, /damaged.csv.gz'/);
  });

  test('no rows, no header, no numbers: each says which', async () => {
    writeFileSync(at('none.txt'), '');
    await expectRefused('no-header', [dataFrom('none.txt')], 5, /^none.txt: is empty .* expected a header line/);
    writeFileSync(at('header.csv'), 'm,w\n');
    await expectRefused('no-rows', [dataFrom('header.csv')], 5, /^header.csv: 0 rows read, none used/);
    writeFileSync(at('nan.csv'), 'm,w\nnan,1\ninf,1\n');
    await expectRefused('no-numbers', [dataFrom('nan.csv')], 5, /2 rows read, none used \(2 m: not finite\)/);
    const nothing: Edit = ['{ file: events.csv }', '{ file: events.csv, select: ["m > 100"] }'];
    await expectRefused('no-match', [nothing], 5, /11 rows read, none used \(11 select.*m > 100/);
  });

  test('a folder in place of a file', () => expectRefused('folder', [dataFrom('.')], 5, /data\.file/));
});

describe('card', () => {
  test.each([
    ['0', 'above 0'],
    ['1', 'below 1'],
    ['1.2', 'below 1'],
    ['-0.5', 'above 0'],
    ['.nan', 'a number'],
    ['90', 'below 1'],
    ['"0.9"', 'a number'],
  ])('a credibility of %s is outside (0, 1)', (level, allowed) =>
    expectRefused(
      'level',
      [['credibility: 0.9', `credibility: ${level}`]],
      3,
      new RegExp(
        `^level\\.yaml:19:\\d+: statistics\\.limits\\[0\\]\\.credibility is .*expected a number.*`.concat(
          allowed === 'a number' ? '' : allowed,
        ),
      ),
    ),
  );

  test('no credibility at all: there is no hidden one', () =>
    expectRefused('no-level', [['credibility: 0.9, ', '']], 3, /statistics\.limits\[0\].*credibility/));

  test('an unknown key: line, column, path, what was meant, what is allowed', () =>
    expectRefused(
      'key',
      [['half_axes', 'half_axis']],
      3,
      /^key\.yaml:8:3: windows\.half_axis is not a known key; did you mean 'half_axes'\? allowed: resolution, half_axes/,
    ));

  test('a billion windows are refused before memory is taken', async () => {
    const started = performance.now();
    await expectRefused('many', [['step: 2', 'step: 2.0e-8']], 9, /1000000000 windows, at most \d+ are allowed/);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test.each([
    ['negative density', 'density: 10', 'density: -10', /components\[0\]\.density is -10 at x = /],
    ['density that is no number', 'density: 10', 'density: "log(-x)"', /components\[0\]\.density is NaN at x = /],
    ['efficiency above 1', 'efficiency: 0.5', 'efficiency: 2', /signal\.efficiency is 2 at x = 1, expected/],
    ['resolution of 0', 'x: 0.1', 'x: "0*x"', /windows\.resolution\.x is 0 at/],
    ['region from right to left', 'x: [1, 3]', 'x: [3, 1]', /windows\.region\.x/],
    ['bare cls', 'method: bayes', 'method: cls', /say which of cls-exact, .*; available: bayes, cls-exact, profile$/],
    ['a limit of another method', 'method: bayes', 'method: cls-exact', /\.credibility and \.poi_max do not belong/],
    ['li-ma without a band', 'p0: marginal', 'p0: li-ma', /li-ma needs a side_band or control component and no other/],
    ['an unknown p0', 'p0: marginal', 'p0: [marginal, mid-p]', /p0\[1\] is 'mid-p', which is not a method/],
    ['a p0 twice', 'p0: marginal', 'p0: [profile, profile]', /names a method twice: profile, profile/],
    ['formula that calls out', 'density: 10', 'density: "constructor(x)"', /components\[0\]\.density.*constructor/],
  ])('%s', (_, found, put, line) => expectRefused('wrong', [[found, put]], 3, line));

  test('text that is no YAML: line and column', () =>
    expectRefused('yaml', [['x: { column: m, unit: GeV }', 'x: { column: m']], 3, /^yaml\.yaml:\d+:\d+: /));

  test('an empty card', async () => {
    const { code, out, err } = await cli('scan - --backend cpu', { stdin: '' });
    expect([code, out]).toEqual([3, '']);
    expect(complaints(err)).toHaveLength(1);
  });
});

describe('output', () => {
  // Nobody, not even root, can make a folder below a file
  test('a place that cannot be written', async () => {
    writeFileSync(at('a-file'), '');
    writeFileSync(at('good.yaml'), LINE_CARD);
    for (const place of ['a-file/run', 'a-file/deep/run']) {
      const { code, out, err } = await cli(`scan good.yaml --backend cpu --out ${place}`);
      expect([code, out, complaints(err).length]).toEqual([6, '', 1]);
      expect(err).toContain('a-file');
    }
  });

  // root may write everywhere, except into this file system of the kernel
  test.skipIf(!existsSync('/proc/self'))('a read-only file system', async () => {
    const { code, err } = await cli('scan good.yaml --backend cpu --out /proc/darkscan-run');
    expect(code).toBe(6);
    expect(complaints(err)).toHaveLength(1);
    expect(err).toContain('/proc/darkscan-run');
  });

  test('an existing directory is left as it is, and --force takes only run directories', async () => {
    expect((await scan('twice')).code).toBe(0);
    const before = readdirSync(at('twice'));
    const again = await scan('twice');
    expect([again.code, complaints(again.err).length]).toEqual([6, 1]);
    expect(again.err).toMatch(/twice exists; choose another name or add --force/);
    expect(readdirSync(at('twice'))).toEqual(before);
    expect((await scan('twice', [], '--force')).code).toBe(0);

    const other = await cli(`scan good.yaml --backend cpu --force --out ${folder}`);
    expect(other.code).toBe(6);
    expect(other.err).toContain('is not a run directory');
    expect(existsSync(at('events.csv'))).toBe(true);
  });
});

test('the good card, for comparison, is scanned', async () => {
  expect((await scan('control')).code).toBe(0);
  expect(edited(LINE_CARD, [])).toBe(LINE_CARD);
});
