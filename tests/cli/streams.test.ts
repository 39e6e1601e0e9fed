/** What goes where: results on stdout, everything else on stderr; cards from standard input; Ctrl-C of a real process. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { numbersOf } from '../../src/model/result.ts';
import { bench, edited, LINE_CARD, textsOf } from './line-card.ts';

const { at, cli, scan, tableOf, folder } = bench();
writeFileSync(at('card.yaml'), LINE_CARD);

describe('--json', () => {
  test.each([
    ['scan card.yaml --backend cpu --no-plots --out json', 'summary'],
    ['scan card.yaml --backend cpu --dry-run', 'windows'],
    ['validate card.yaml', 'card'],
    ['explain card.yaml --window 3', 'posterior'],
    ['compare json json', 'equal'],
    ['doctor', 'auto'],
    ['export json --to', 'limit_obs'],
  ])('%s prints one JSON value on stdout and nothing else', async (line, key) => {
    const { code, out, err } = await cli(line.endsWith('--to') ? `${line} json` : `${line} --json`);
    expect(code, err).toBe(0);
    expect(JSON.stringify(JSON.parse(out))).toContain(`"${key}"`);
    expect(out).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('stays valid where windows have no number at all', async () => {
    const { code, out } = await scan('nothing', [['efficiency: 0.5', 'efficiency: 0']], '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out).summary.status).toEqual({ 'no-sensitivity': 10 });
  });

  test('an error leaves stdout empty', async () => {
    const { code, out, err } = await scan('wrong', [['events.csv', 'none.csv']], '--json -q');
    expect([code, out]).toEqual([5, '']);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

test('the last line names the files that were written', async () => {
  const lastLine = ({ out }: { out: string }) => out.trimEnd().split('\n').at(-1);
  const files = 'windows.parquet, summary.json, run.json';
  expect(lastLine(await scan('plain'))).toBe(`results in ${at('plain')}: ${files}`);
  const drawn = await cli('scan card.yaml --backend cpu --out drawn');
  expect(lastLine(drawn)).toBe(`results in ${at('drawn')}: ${files}, plots/`);
});

describe('a card on standard input', () => {
  test('gives what the same card in a file gives; data are looked for where the command runs', async () => {
    await scan('file');
    expect((await cli('scan - --backend cpu --no-plots --out stdin', { stdin: LINE_CARD })).code).toBe(0);
    expect((await tableOf('stdin')).columns).toEqual((await tableOf('file')).columns);
    expect(JSON.parse(readFileSync(at('stdin/run.json'), 'utf8')).card.source).toBe('standard input');
    expect(readFileSync(at('stdin/card.yaml'), 'utf8')).toBe(LINE_CARD);
  });

  test('finds data on the search path', async () => {
    mkdirSync(at('store'));
    writeFileSync(at('store/elsewhere.csv'), 'm\n1.5\n');
    const stdin = edited(LINE_CARD, [['events.csv', 'elsewhere.csv']]);
    const line = 'scan - --backend cpu --no-plots --out elsewhere';
    expect((await cli(line, { stdin })).code).toBe(5);
    expect((await cli(line, { stdin, env: { DARKSCAN_DATA: `/nowhere:${at('store')}` } })).code).toBe(0);
    expect(Math.max(...numbersOf(await tableOf('elsewhere'), 'n'))).toBeGreaterThan(0);
  });

  test('may be JSON', async () => {
    const { parse } = await import('yaml');
    const stdin = JSON.stringify(parse(LINE_CARD));
    expect((await cli('validate -', { stdin })).code).toBe(0);
  });
});

test('blind intervals hide n, p0 and the observed limit everywhere until --unblind, which is recorded', async () => {
  // all events sit in one blind window: what leaks shows
  writeFileSync(at('secret.csv'), `m\n${'1.805\n'.repeat(7)}`);
  const edits = [
    ['events.csv', 'secret.csv'],
    ['signal:\n', 'blind: [{ x: [1.7, 1.9] }]\nsignal:\n'],
  ] as const;
  const hidden = await scan('blind', edits, '--json');
  const shown = await scan('open', edits, '--json --unblind');
  expect([hidden.code, shown.code]).toEqual([0, 0]);
  const [closed, open] = await Promise.all([tableOf('blind'), tableOf('open')]);
  const row = textsOf(closed, 'status').indexOf('blind');
  expect(numbersOf(closed, 'x')[row]).toBeCloseTo(1.8);
  expect([numbersOf(closed, 'n')[row], numbersOf(open, 'n')[row]]).toEqual([-1, 7]);
  for (const name of ['p0', 'ln_p0', 'z', 'limit_obs']) {
    expect(numbersOf(closed, name)[row], name).toBeNaN();
    expect(numbersOf(open, name)[row], name).not.toBeNaN();
  }
  const close = numbersOf(closed, 'limit_exp_0')[row] / numbersOf(open, 'limit_exp_0')[row];
  expect(Math.abs(close - 1)).toBeLessThan(1e-10); // the stated accuracy of limits
  expect(JSON.parse(hidden.out).summary.blindWindows).toBe(1);
  const recorded = ['blind', 'open'].map((run) => JSON.parse(readFileSync(at(run, 'run.json'), 'utf8')).unblinded);
  expect(recorded).toEqual([false, true]);
  // explain looks at one window: the count stays hidden there too
  const explained = await cli(`explain blind.yaml --window ${row} --json`);
  expect(explained.code, explained.err).toBe(0);
  expect(JSON.parse(explained.out).n ?? null, 'n of a blind window in explain').toBeNull();
});

const program = new URL('../../bin/darkscan.mjs', import.meta.url).pathname;

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
}

/** A real process, sent a signal as soon as it has said `when`. */
function interrupt(args: readonly string[], when: string, signal: NodeJS.Signals): Promise<End> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const isFirst = !err.includes(when);
    err += text;
    if (isFirst && err.includes(when)) child.kill(signal);
  });
  return new Promise((resolve) => child.on('close', (code, by) => resolve({ code, signal: by, err })));
}

describe('a process', () => {
  // 20,000 windows: seconds of work after the line that is waited for
  const fine = edited(LINE_CARD, [['step: 2', 'step: 0.001']]);

  test('stopped by SIGINT while it replaces a run leaves the old run whole, exit code 130', async () => {
    await scan('kept');
    const before = readFileSync(at('kept/windows.parquet'));
    writeFileSync(at('fine.yaml'), fine);
    const args = ['scan', 'fine.yaml', '--backend', 'cpu', '--threads', '2', '--out', 'kept', '--force'];
    const { code, err } = await interrupt(args, 'local p0', 'SIGINT');
    expect(code).toBe(130);
    expect(err).toMatch(/interrupted; nothing was written\n$/);
    expect(readFileSync(at('kept/windows.parquet')).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith('.darkscan'))).toEqual([]);
  });

  test('killed outright leaves nothing under the final name, and the next run sweeps up', async () => {
    writeFileSync(at('fine.yaml'), fine);
    const args = ['scan', 'fine.yaml', '--backend', 'cpu', '--threads', '1', '--out', 'killed'];
    expect((await interrupt(args, 'scanning on', 'SIGKILL')).signal).toBe('SIGKILL');
    expect(readdirSync(folder)).not.toContain('killed');
    await scan('sweeper');
    expect(readdirSync(folder).filter((name) => name.startsWith('.darkscan'))).toEqual([]);
  });
});
