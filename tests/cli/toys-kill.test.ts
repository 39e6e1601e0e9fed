/** kill -9 in the middle of a campaign: nothing that was reported as done is lost, nothing wrong is merged. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { killCampaign } from '../support/kill-campaign.ts';
import { uniforms } from '../unit/model/helpers.ts';
import { LINE_TOYS } from '../unit/toys/toy-setup.ts';

const folder = mkdtempSync(join(tmpdir(), 'darkscan-kill-'));
afterAll(() => rmSync(folder, { recursive: true }));
const program = new URL('../../bin/darkscan.mjs', import.meta.url).pathname;

const OPTIONS = ['card.yaml', '--backend', 'cpu', '--threads', '1', '--no-plots', '--quiet'];

/** Runs a command line to its end. */
function darkscan(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}

test(
  'six kills: every shard stays whole, and the campaign ends as one that was never disturbed',
  { timeout: 300_000 },
  async () => {
    writeFileSync(join(folder, 'card.yaml'), LINE_TOYS);
    // far more toys than six runs get to: every kill comes in the middle
    const endless = [...OPTIONS, '--n', '1e9', '--shard-size', '5000'];
    const { killed, kept } = await killCampaign(folder, endless, 6, uniforms(6));
    expect(killed).toBe(6);
    kept.forEach((toys, i) => expect(toys).toBeGreaterThan(i === 0 ? 0 : kept[i - 1]));

    const all = String(kept[5] + 7000);
    darkscan('toys', ...OPTIONS, '--n', all, '--shards', 'shards', '--shard-size', '5000', '--out', 'disturbed');
    darkscan('toys', ...OPTIONS, '--n', all, '--out', 'quiet');
    for (const file of ['toys.json', 'toys-max-z.csv', 'toys-where.csv']) {
      const [one, other] = ['disturbed', 'quiet'].map((run) => readFileSync(join(folder, run, file)));
      expect(one.equals(other), file).toBe(true);
    }
    expect(JSON.parse(readFileSync(join(folder, 'disturbed/run.json'), 'utf8')).thrown).toBe(7000);
    // runs that were killed leave no run directory
    expect(
      readdirSync(folder)
        .filter((name) => !name.startsWith('.'))
        .sort(),
    ).toEqual(['card.yaml', 'disturbed', 'quiet', 'runs', 'shards'].sort());
    expect(readdirSync(join(folder, 'runs')).filter((name) => !name.startsWith('.'))).toEqual([]);
  },
);

test.each(['SIGINT', 'SIGTERM'] as const)('%s closes the shard; the next run goes on from there', async (signal) => {
  const shards = `shards-${signal}`;
  const args = ['toys', ...OPTIONS.filter((option) => option !== '--quiet'), '--n', '1e9', '--shards', shards];
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    // the first batch takes far less than half a second
    if (err === '') setTimeout(() => child.kill(signal), 500);
    err += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  expect([code, err]).toEqual([130, expect.stringMatching(/interrupted; \d+ toys of this run are kept in shards-/)]);
  const kept = Number(/(\d+) toys of this run/.exec(err)![1]);
  expect(readdirSync(join(folder, shards))).toEqual([`toys-0-${kept}.json`]);
  darkscan('toys', ...OPTIONS, '--n', String(kept + 100), '--shards', shards, '--out', `after-${signal}`);
  expect(JSON.parse(readFileSync(join(folder, `after-${signal}`, 'run.json'), 'utf8')).thrown).toBe(100);
});
