import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isDarkscanError } from '../../../src/errors.ts';
import { saveFile } from '../../../src/node/atomic-file.ts';
import { openRunDirectory } from '../../../src/node/run-directory.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'darkscan-test-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function writeRun(options: { out?: string; force?: boolean }, text: string): Promise<string> {
  const run = openRunDirectory({ name: 'card', root, ...options });
  await run.write('run.json', text);
  await run.write('plots/a.svg', '<svg/>');
  return run.commit();
}

/** The message of the `conflict` error that an action must throw. */
async function conflictOf(action: () => unknown): Promise<string> {
  const error = await Promise.resolve()
    .then(action)
    .catch((e: unknown) => e);
  expect(isDarkscanError(error, 'conflict'), String(error)).toBe(true);
  return (error as Error).message.replaceAll(root, 'ROOT');
}

describe('a run directory', () => {
  it('takes the next free number', async () => {
    mkdirSync(join(root, 'card-7'));
    mkdirSync(join(root, 'card-x-90'));
    expect(await writeRun({}, '1')).toBe(join(root, 'card-8'));
    expect(await writeRun({}, '2')).toBe(join(root, 'card-9'));
    expect(readFileSync(join(root, 'card-8/run.json'), 'utf8')).toBe('1');
    expect(readdirSync(root).sort()).toEqual(['card-7', 'card-8', 'card-9', 'card-x-90']);
  });

  it('is not there before it is complete, nor after it is discarded', async () => {
    const out = join(root, 'deep/er');
    const run = openRunDirectory({ name: 'card', out });
    await run.write('run.json', '1');
    expect(existsSync(out)).toBe(false);
    run.discard();
    expect(readdirSync(join(root, 'deep'))).toEqual([]);
  });

  it('gives two runs finishing together different numbers', async () => {
    const runs = [openRunDirectory({ name: 'card', root }), openRunDirectory({ name: 'card', root })];
    for (const run of runs) await run.write('run.json', '1');
    expect(runs.map((run) => run.commit())).toEqual([join(root, 'card-1'), join(root, 'card-2')]);
  });

  it('refuses an existing --out before any work, and when it appeared meanwhile', async () => {
    const out = join(root, 'mine');
    const late = openRunDirectory({ name: 'card', out });
    await writeRun({ out }, 'first');
    const message = 'output: ROOT/mine exists; choose another name or add --force';
    expect(await conflictOf(() => openRunDirectory({ name: 'card', out }))).toBe(message);
    expect(await conflictOf(() => late.commit())).toBe(message);
    late.discard();
    expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe('first');
  });

  it('replaces an old run with --force, only once the new one is complete', async () => {
    const out = join(root, 'mine');
    await writeRun({ out }, 'first');
    const run = openRunDirectory({ name: 'card', out, force: true });
    await run.write('run.json', 'second');
    expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe('first');
    run.commit();
    expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe('second');
    expect(readdirSync(root)).toEqual(['mine']);
  });

  it('does not replace with --force what is no run directory', async () => {
    const out = join(root, 'thesis');
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.tex'), 'years of work');
    expect(await conflictOf(() => openRunDirectory({ name: 'card', out, force: true }))).toMatch(
      /is not a run directory/,
    );
    expect(
      await conflictOf(() => openRunDirectory({ name: 'card', out: join(out, 'thesis.tex'), force: true })),
    ).toMatch(/is a file/);
  });

  it('says in one line that a place cannot be written', async () => {
    writeFileSync(join(root, 'file'), '');
    expect(await conflictOf(() => openRunDirectory({ name: 'card', out: join(root, 'file/run') }))).toBe(
      'output: ROOT/file/run cannot be written (a part of the path is a file); choose another place with --out',
    );
    if (existsSync('/proc/self'))
      expect(await conflictOf(() => openRunDirectory({ name: 'card', out: '/proc/darkscan' }))).toMatch(
        /^output: \/proc\/darkscan cannot be written \(/,
      );
  });

  it('survives kill -9 at any moment: complete or absent, and the next run sweeps', async () => {
    const out = join(root, 'mine');
    await writeRun({ out }, 'complete');
    const module = pathToFileURL(join(import.meta.dirname, '../../../src/node/run-directory.ts')).href;
    const program = join(root, 'loop.mts');
    writeFileSync(
      program,
      `import { openRunDirectory } from ${JSON.stringify(module)};
       console.log('ready');
       for (;;) {
         const run = openRunDirectory({ name: 'card', out: ${JSON.stringify(out)}, force: true });
         for (let i = 0; i < 4; i++) await run.write('part' + i, 'x'.repeat(5e4));
         await run.write('run.json', 'complete');
         run.commit();
       }`,
    );
    let sawLeftover = false;
    for (let round = 0; round < 8; round++) {
      const child = spawn(process.execPath, ['--import', 'tsx', program], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((done, fail) =>
        child.stdout.once('data', done).once('end', () => fail(new Error('the writer ended'))),
      );
      await new Promise((done) => setTimeout(done, 7 * round + 3));
      const closed = new Promise((done) => child.once('close', done));
      child.kill('SIGKILL');
      await closed;
      sawLeftover ||= readdirSync(root).some((entry) => entry.startsWith('.darkscan-'));
      // Between the two renames of --force the old run sits beside; opening the next run puts it back.
      openRunDirectory({ name: 'other', root }).discard();
      expect(readdirSync(root).sort()).toEqual(['loop.mts', 'mine']);
      expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe('complete');
    }
    expect(sawLeftover).toBe(true);
  }, 60_000);

  it('leaves temporaries of living processes alone', async () => {
    const run = openRunDirectory({ name: 'card', root });
    openRunDirectory({ name: 'card', root }).discard();
    await run.write('run.json', '1');
    expect(run.commit()).toBe(join(root, 'card-1'));
  });
});

describe('a single file', () => {
  it('is refused when it exists, replaced with force', async () => {
    const path = join(root, 'out/table.csv');
    await saveFile(path, 'a');
    expect(await conflictOf(() => saveFile(path, 'b'))).toBe(
      'output: ROOT/out/table.csv exists; choose another name or add --force',
    );
    await saveFile(path, new TextEncoder().encode('b'), true);
    expect(readFileSync(path, 'utf8')).toBe('b');
    expect(readdirSync(join(root, 'out'))).toEqual(['table.csv']);
  });
});
