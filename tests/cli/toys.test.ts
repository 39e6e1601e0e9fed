/** `darkscan toys` and `toys merge`: campaigns in shards, what they write, and every wrong use in one line. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { tableFromParquet } from '../../src/io/result-parquet.ts';
import { numbersOf } from '../../src/model/result.ts';
import { edit, LINE_TOYS } from '../unit/toys/toy-setup.ts';
import { workplace, type RunOptions } from '../unit/cli/run-cli.ts';

const { folder, cli } = workplace();
const at = (...parts: string[]): string => join(folder, ...parts);
const read = (...parts: string[]): string => readFileSync(at(...parts), 'utf8');
/** Of a file that should be the same as another; the texts would fill the screen. */
const digest = (...parts: string[]): string =>
  createHash('sha256')
    .update(read(...parts))
    .digest('hex');
const toys = (args: string, options?: RunOptions) => cli(`toys card.yaml --backend cpu --no-plots ${args}`, options);

const INJECT = ['statistics:', 'simulation: { inject: [{ x: 2, events: 14 }] }\nstatistics:'] as const;

writeFileSync(at('card.yaml'), LINE_TOYS);
writeFileSync(at('other.yaml'), edit(LINE_TOYS, ["'exp(-x)'", "'exp(-2*x)'"]));
writeFileSync(at('inject.yaml'), edit(LINE_TOYS, INJECT));
writeFileSync(at('fixed.yaml'), edit(LINE_TOYS, ['statistics:', 'toys: { ensemble: fixed }\nstatistics:']));

/** Lines of stderr that are not progress. */
const complaints = (err: string): string[] =>
  err
    .trimEnd()
    .split('\n')
    .filter((line) => !/: toys of \d+ windows on |^toys.*: \d+ of \d+/.test(line));

beforeAll(async () => {
  for (const args of ['--n 4000 --out whole', '--n 4000 --shards shards --shard-size 900 --out by-shards']) {
    const { code, err } = await toys(args);
    if (code !== 0) throw new Error(err);
  }
});

describe('a campaign', () => {
  test('writes its result, tables and record, and prints what they say', async () => {
    const { code, out, err } = await toys('--n 4000 --out again');
    expect([code, complaints(err)]).toEqual([0, []]);
    const result = JSON.parse(read('again', 'toys.json'));
    const { n_exceedances: k, n_toys: n } = result;
    expect(n).toBe(4000);
    expect(result.p_global).toBeCloseTo((k + 1) / (n + 1), 12);
    expect(result.p_global_low).toBeLessThan(k / n);
    expect(result.p_global_high).toBeGreaterThan(k / n);
    expect(result.trials_factor).toBeCloseTo(result.p_global / result.p_local, 8);
    expect(result).toMatchObject({ sample: 'background', ensemble: 'predictive', seed: 1, range: [0, 4000], gaps: [] });
    const names = result.estimators.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['toys', 'gaussian-process', 'upcrossings', 'euler', 'sidak', 'bonferroni']);
    expect(out).toContain(`${k} toys reach it: global p ${result.p_global.toPrecision(3)}`);
    expect(out).toMatch(/sidak +<= /);

    const maxZ = (await tableFromParquet(readFileSync(at('again', 'toys-max-z.parquet')), 'max-z')).table;
    const [z, counts, orMore] = ['z', 'toys', 'toys_or_more'].map((name) => [...numbersOf(maxZ, name)]);
    expect(counts.reduce((sum, c) => sum + c, 0)).toBe(4000);
    const reaching = z.findIndex((value) => value >= result.z_local_max - 1e-9);
    expect(orMore[reaching]).toBe(k);
    expect(read('again', 'toys-max-z.csv').split('\n')).toHaveLength(maxZ.rowCount + 2);
    const where = (await tableFromParquet(readFileSync(at('again', 'toys-where.parquet')), 'where')).table;
    expect([...numbersOf(where, 'toys')].reduce((sum, c) => sum + c, 0)).toBe(
      4000 - (z.some(Number.isNaN) ? counts[0] : 0),
    );
    expect(JSON.parse(read('again', 'run.json'))).toMatchObject({ thrown: 4000, ended: 'range', unblinded: false });
  });

  test('in shards gives the same files, byte for byte', () => {
    for (const file of ['toys.json', 'toys-max-z.csv', 'toys-where.csv']) {
      expect(digest('by-shards', file), file).toBe(digest('whole', file));
    }
    expect(readdirSync(at('shards')).sort()).toEqual(
      [0, 900, 1800, 2700, 3600].map((from) => `toys-${from}-${Math.min(4000, from + 900)}.json`).sort(),
    );
  });

  test('goes on where its shards end, and fills a gap', async () => {
    rmSync(at('shards', 'toys-900-1800.json'));
    const { code } = await toys('--n 4000 --shards shards --shard-size 900 --out refilled');
    expect(code).toBe(0);
    expect(digest('refilled', 'toys.json')).toBe(digest('whole', 'toys.json'));
    expect(JSON.parse(read('refilled', 'run.json')).thrown).toBe(900);
  });

  test('of a range holds those toys only', async () => {
    const { code } = await toys('--range 900:2700 --shards shards --out middle');
    expect(code).toBe(0);
    expect(JSON.parse(read('middle', 'toys.json'))).toMatchObject({ n_toys: 1800, range: [900, 2700] });
    expect(JSON.parse(read('middle', 'run.json')).thrown).toBe(0);
  });

  test('until K is the same with shards and without, and with a folder that holds more', async () => {
    const run = async (args: string, out: string): Promise<string> => {
      const { code, err } = await toys(`--until 30 --out ${out} ${args}`);
      expect(code, err).toBe(0);
      return digest(out, 'toys.json');
    };
    await run('', 'until-1');
    const alone = JSON.parse(read('until-1', 'toys.json'));
    expect(await run('--shards until --shard-size 7', 'until-2')).toBe(digest('until-1', 'toys.json'));
    await run('--shards shards', 'until-3');
    const more = JSON.parse(read('until-3', 'toys.json'));
    expect(more.n_toys).toBe(alone.n_toys);
    expect([alone.stop, alone.n_exceedances, alone.p_global]).toEqual(['exceedances', 30, 30 / alone.n_toys]);
    for (const key of ['p_global', 'p_global_low', 'p_global_high', 'n_toys']) expect(more[key]).toBe(alone[key]);
  });

  test('with a signal is labelled and has no global p-value', async () => {
    const { code, out } = await cli(
      'toys inject.yaml --inject --n 2000 --out inject --backend cpu --no-plots --shards s-i',
    );
    expect(code).toBe(0);
    const result = JSON.parse(read('inject', 'toys.json'));
    expect(result).toMatchObject({ sample: 'signal+background', p_global: null, estimators: [] });
    expect(result.injected[0]).toMatchObject({ x: 2, events: 14 });
    expect(result.injected[0].share).toBeGreaterThan(0.5);
    expect(out).toMatch(/2000 signal\+background toys/);
    const mixed = await cli('toys inject.yaml --n 2000 --out mixed --backend cpu --no-plots --shards s-i');
    expect(mixed.code).toBe(6);
    expect(mixed.err).toMatch(/injected true, expected false/);
  });

  test('draws its plots, and plot draws them again', async () => {
    const { code } = await cli('toys card.yaml --n 500 --out drawn --backend cpu');
    expect(code).toBe(0);
    const names = ['toys-max-z', 'toys-global-significance', 'toys-windows-above'];
    expect((await cli('plot drawn --list')).out.trim().split('\n')).toEqual(names);
    expect((await cli('plot drawn --out redrawn --no-png -q')).code).toBe(0);
    for (const name of names) {
      const svg = read('drawn', 'plots', `${name}.svg`);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(read('redrawn', `${name}.svg`)).toBe(svg);
      expect(existsSync(at('drawn', 'plots', `${name}.png`))).toBe(true);
    }
  });
});

describe('time and signals', () => {
  test('a time limit keeps what is done, exit code 75, and the next run goes on', async () => {
    const stopped = await toys('--n 1e12 --time-limit 1s --shards timed --out timed-1');
    expect(stopped.code, stopped.err).toBe(75);
    const { thrown } = JSON.parse(read('timed-1', 'run.json'));
    expect(thrown).toBeGreaterThan(0);
    expect(readdirSync(at('timed'))).toEqual([`toys-0-${thrown}.json`]);
    expect((await toys(`--n ${thrown + 500} --shards timed --out timed-2`)).code).toBe(0);
    expect(JSON.parse(read('timed-2', 'run.json')).thrown).toBe(500);
    const whole = await toys(`--n ${thrown + 500} --out timed-3`);
    expect(whole.code).toBe(0);
    expect(digest('timed-3', 'toys.json')).toBe(digest('timed-2', 'toys.json'));
  });

  test('no time at all is said in one line', async () => {
    const { code, err } = await toys('--time-limit 0.001 --out none');
    expect([code, complaints(err)]).toEqual([
      75,
      ['toys: the time ended before the first toys were done; allow more time'],
    ]);
    expect(existsSync(at('none'))).toBe(false);
  });

  test.each([
    ['with shards the toys done are kept', '--shards kept', /^interrupted; \d+ toys of this run are kept in kept, /],
    ['without them nothing is written', '', /^interrupted; nothing was written/],
  ])('Ctrl-C: %s', async (_, args, line) => {
    const controller = new AbortController();
    // well after the first batch of 1024, long before a million million
    const timer = setTimeout(() => controller.abort(), 1500);
    const { code, err, out } = await toys(`--n 1e12 --out never ${args}`, { signal: controller.signal });
    clearTimeout(timer);
    expect([code, out]).toEqual([130, '']);
    expect(complaints(err).at(-1)).toMatch(line);
    expect(existsSync(at('never'))).toBe(false);
    if (args !== '') expect(readdirSync(at('kept'))).toEqual([expect.stringMatching(/^toys-0-\d+\.json$/)]);
    expect(readdirSync(folder).filter((name) => name.startsWith('.darkscan'))).toEqual([]);
  });
});

describe('merge', () => {
  const p = (json: string) => JSON.parse(json);

  test('adds shards in any order; the merged file is the same for any tiling', async () => {
    for (const size of [4000, 1000, 333]) {
      expect((await toys(`--n 4000 --shards tiles-${size} --shard-size ${size} --out t-${size}`)).code).toBe(0);
      const { code, out } = await cli(`toys merge tiles-${size} --out merged-${size}.json --json`);
      expect(code).toBe(0);
      expect(p(out)).toMatchObject({ n_toys: 4000, gaps: [], p_global: p(read('whole', 'toys.json')).p_global });
      expect(digest(`merged-${size}.json`)).toBe(digest('merged-4000.json'));
    }
    const backwards = readdirSync(at('tiles-333')).reverse();
    const named = backwards.map((name) => `tiles-333/${name}`).join(' ');
    expect((await cli(`toys merge ${named} --out merged-back.json`)).code).toBe(0);
    expect(digest('merged-back.json')).toBe(digest('merged-4000.json'));
    // the merged shard is a shard of the campaign
    mkdirSync(at('from-merged'));
    writeFileSync(at('from-merged', 'toys-0-4000.json'), read('merged-333.json'));
    expect((await toys('--n 4000 --shards from-merged --out fm')).code).toBe(0);
    expect(digest('fm', 'toys.json')).toBe(digest('whole', 'toys.json'));
  });

  test('reports gaps with exit code 4, and what fills them still fits', async () => {
    const parts = ['tiles-1000/toys-0-1000.json', 'tiles-1000/toys-3000-4000.json'];
    const { code, err } = await cli(`toys merge ${parts.join(' ')} --out gap.json`);
    expect([code, err]).toEqual([4, 'toys: MISSING [1000, 3000); throw them with --range\n']);
    const rest = 'tiles-1000/toys-1000-2000.json tiles-1000/toys-2000-3000.json';
    expect((await cli(`toys merge gap.json ${rest} --out filled.json`)).code).toBe(0);
    expect(digest('filled.json')).toBe(digest('merged-4000.json'));
  });

  test.each([
    ['overlapping shards', 'tiles-1000 tiles-333', 6, /^toys: toys \[\d+, \d+\) and \[\d+, \d+\) overlap/],
    ['a file that is not there', 'nowhere.json', 5, /^toys: nowhere.json is not there/],
    ['an empty folder', 'empty', 5, /^toys: no shard in empty/],
    ['a card', 'card.yaml', 5, /^card.yaml: not a complete shard/],
  ])('refuses %s', async (_, shards, exit, line) => {
    mkdirSync(at('empty'), { recursive: true });
    const { code, err, out } = await cli(`toys merge ${shards} --out refused.json`);
    expect([code, out, err.trimEnd().split('\n').length]).toEqual([exit, '', 1]);
    expect(err).toMatch(line);
    expect(existsSync(at('refused.json'))).toBe(false);
  });

  test('does not replace a file unless forced', async () => {
    expect((await cli('toys merge tiles-1000 --out merged-1000.json')).code).toBe(6);
    expect((await cli('toys merge tiles-1000 --out merged-1000.json --force')).code).toBe(0);
  });
});

describe('wrong use is refused in one line, and nothing is written', () => {
  test.each([
    ['zero toys', 'toys card.yaml --n 0', 2, /--n <toys>' argument '0' is invalid.*from 1/],
    ['a negative number', 'toys card.yaml --n -5', 2, /--n <toys>' argument '-5' is invalid/],
    ['an empty range', 'toys card.yaml --range 5:5', 2, /expected A:B with whole numbers and A < B/],
    ['a range out of order', 'toys card.yaml --range 9:5', 2, /expected A:B/],
    ['a range and a number', 'toys card.yaml --range 1:5 --n 6', 2, /--n <toys>' cannot be used with option '--range/],
    ['until no exceedance', 'toys card.yaml --until 0', 2, /whole number from 1 to 10000/],
    ['until too many', 'toys card.yaml --until 10001', 2, /whole number from 1 to 10000/],
    ['a time without a unit', 'toys card.yaml --time-limit soon', 2, /expected a time above 0/],
    [
      'shards of another card',
      'toys other.yaml --n 4000 --shards shards',
      6,
      /a shard of another campaign.*another card/,
    ],
    ['shards of another seed', 'toys card.yaml --n 4000 --seed 2 --shards shards', 6, /seed 1, expected 2/],
    [
      'shards of another ensemble',
      'toys fixed.yaml --n 4000 --shards shards',
      6,
      /ensemble predictive, expected fixed/,
    ],
    [
      'a shard across the end',
      'toys card.yaml --n 1000 --shards shards',
      6,
      /\[900, 1800\) reaches beyond the wanted \[0, 1000\)/,
    ],
    ['a signal the card does not have', 'toys card.yaml --inject', 3, /no simulation\.inject/],
    ['toys of a scan without them', 'scan card.yaml --n 50', 2, /--global is not given/],
    ['an existing run', 'toys card.yaml --out whole', 6, /whole exists/],
    ['shards in a file', 'toys card.yaml --shards card.yaml', 6, /card.yaml cannot be written/],
  ])('%s', async (_, line, exit, message) => {
    const out = line.includes('--out') ? '' : ' --out refused';
    const { code, err, out: printed } = await cli(`${line} --backend cpu --no-plots${out}`);
    expect([code, printed]).toEqual([exit, '']);
    expect(complaints(err)).toHaveLength(1);
    expect(complaints(err)[0]).toMatch(message);
    expect(existsSync(at('refused'))).toBe(false);
  });

  test('a damaged shard, by its name', async () => {
    mkdirSync(at('damaged'));
    const whole = read('merged-4000.json');
    writeFileSync(at('damaged', 'toys-0-4000.json'), whole.slice(0, -40));
    const run = () => toys('--n 5000 --shards damaged --out refused');
    expect((await run()).err).toMatch(/toys-0-4000\.json: not a complete shard/);
    writeFileSync(at('damaged', 'toys-0-4000.json'), whole.replace('"to":4000', '"to":5000'));
    const { code, err } = await run();
    expect(code).toBe(5);
    expect(complaints(err)).toEqual([expect.stringMatching(/^toys-0-4000\.json: the checksum does not match/)]);
  });

  // root may write anywhere: only an ordinary user is refused by the mode of a folder
  test.skipIf(process.getuid?.() === 0)('a read-only folder, before any toy is thrown', async () => {
    mkdirSync(at('locked'));
    chmodSync(at('locked'), 0o555);
    const { code, err } = await toys('--n 1e9 --shards locked --out refused');
    expect(code).toBe(6);
    expect(complaints(err)[0]).toMatch(/locked cannot be written \(permission denied\)/);
  });
});

test('scan --global has the global p-value in its summary, on screen and in toys.json', async () => {
  const { code, out, err } = await cli('scan card.yaml --global --n 4000 --backend cpu --no-plots --out global');
  expect(code, err).toBe(0);
  const { global } = JSON.parse(read('global', 'summary.json'));
  const result = JSON.parse(read('whole', 'toys.json'));
  expect(global.toys).toMatchObject({ nToys: 4000, nExceedances: result.n_exceedances, p: result.p_global });
  expect(digest('global', 'toys.json')).toBe(digest('whole', 'toys.json'));
  expect(out).toContain(`${result.n_exceedances} of 4000 predictive toys reach Z`);
  expect(existsSync(at('global', 'windows.parquet'))).toBe(true);
  const plain = await cli('scan card.yaml --backend cpu --no-plots --out plain');
  expect(plain.code).toBe(0);
  const table = (run: string) => readFileSync(at(run, 'windows.parquet'));
  const [one, other] = await Promise.all(['plain', 'global'].map((run) => tableFromParquet(table(run), run)));
  expect(other.table).toEqual(one.table);
});
