/** Kills a campaign of toys with SIGKILL again and again, and checks what is left: for a test (6 times) and a script (100). */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseShard } from '../../src/toys/shard.ts';
import { mergeTallies, toysIn } from '../../src/toys/tally.ts';

const PROGRAM = new URL('../../bin/darkscan.mjs', import.meta.url).pathname;

export interface Killed {
  /** Runs that were killed, and those that ended before. */
  readonly killed: number;
  readonly finished: number;
  /** Toys in complete shards after every run. */
  readonly kept: readonly number[];
}

/**
 * Runs `darkscan toys CARD --shards` in `folder` and kills it, `times` times, at a moment drawn from `uniform` after it
 * wrote its first shard of that run (or after `patienceMs`). Throws when a shard that was there is gone or changed, when
 * any file with the name of a shard is not a whole one, or when two of them overlap.
 */
export async function killCampaign(
  folder: string,
  args: readonly string[],
  times: number,
  uniform: () => number,
  spreadMs = 400,
  patienceMs = 20_000,
): Promise<Killed> {
  const shards = join(folder, 'shards');
  const before = new Map<string, string>();
  const kept: number[] = [];
  let [killed, finished] = [0, 0];
  for (let i = 0; i < times; i++) {
    const had = shardNames(shards).length;
    const child = spawn(process.execPath, [PROGRAM, 'toys', ...args, '--shards', shards], {
      cwd: folder,
      stdio: 'ignore',
    });
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
    const started = performance.now();
    while (child.exitCode === null && shardNames(shards).length === had && performance.now() - started < patienceMs) {
      await sleep(5);
    }
    await sleep(spreadMs * uniform());
    if (child.exitCode === null) killed++;
    else finished++;
    child.kill('SIGKILL');
    await ended;
    kept.push(await check(shards, before));
  }
  return { killed, finished, kept };
}

/** Toys in the shards of a folder; `before` holds what was there and is brought up to date. */
async function check(shards: string, before: Map<string, string>): Promise<number> {
  const names = shardNames(shards);
  for (const [name, text] of before) {
    if (!names.includes(name)) throw new Error(`${name} is gone`);
    if (readFileSync(join(shards, name), 'utf8') !== text) throw new Error(`${name} has changed`);
  }
  const tallies = await Promise.all(
    names.map(async (name) => {
      const text = readFileSync(join(shards, name), 'utf8');
      before.set(name, text);
      const { tally } = await parseShard(text, name);
      if (name !== `toys-${tally.from}-${tally.to}.json`) throw new Error(`${name} holds [${tally.from}, ${tally.to})`);
      return tally;
    }),
  );
  return tallies.length === 0 ? 0 : toysIn(mergeTallies(tallies));
}

function shardNames(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^toys-\d+-\d+\.json$/.test(name)) : [];
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
