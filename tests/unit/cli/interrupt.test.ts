import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SMALL_CARD } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'darkscan-interrupt-'));
afterAll(() => rmSync(folder, { recursive: true }));
const program = new URL('../../../bin/darkscan.mjs', import.meta.url).pathname;

/** Starts a real process, sends a signal once it has said `when` on stderr, gives its end. */
async function interruptWhen(when: string, args: readonly string[]): Promise<{ code: number | null; err: string }> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    const isFirst = !err.includes(when);
    err += text;
    if (isFirst && err.includes(when)) child.kill('SIGINT');
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, err };
}

test('SIGINT ends a scan with exit code 130, one line, and no file', async () => {
  // Fine steps: about 8000 windows, seconds of work
  writeFileSync(join(folder, 'card.yaml'), SMALL_CARD.replace('step: 2', 'step: 0.2'));
  const { code, err } = await interruptWhen('scanning on', [
    'scan',
    'card.yaml',
    '--out',
    'run',
    '--backend',
    'cpu',
    '--threads',
    '1',
  ]);
  expect(err).toMatch(/interrupted; nothing was written\n$/);
  expect(code).toBe(130);
  expect(readdirSync(folder)).toEqual(['card.yaml']);
});
