/**
 * A run directory that is complete or absent: files go to a hidden sibling, which is renamed at the end. Whatever
 * ends the process before that (Ctrl-C, kill -9, a full disk) leaves no directory under the final name; a leftover
 * sibling of a dead process is swept by the next run. With force the old directory goes only after the new one is
 * complete, and only if it is a run directory itself, so that `--out ~ --force` cannot empty a home.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DarkscanError } from '../errors.ts';
import { writeError } from './atomic-file.ts';

export interface RunDirectoryOptions {
  /** Name of the card; the default directory is <root>/<name>-<n> with the next free n. */
  readonly name: string;
  /** Explicit directory; refused when it exists, unless force. */
  readonly out?: string;
  readonly force?: boolean;
  /** Default 'runs'. */
  readonly root?: string;
}

export interface RunDirectory {
  /** Write one file, path relative to the directory with '/' ("plots/map-z.svg"). */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Give the directory its final name and return it (absolute). */
  commit(): string;
  /** Remove everything written; harmless after commit. */
  discard(): void;
}

/** Pids mean something on one machine only, and a file system may be shared by several. */
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const TEMPORARY = /^\.darkscan-(new|old)-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}-(.+)$/;

/** Claim a place for a run before the work starts; errors `conflict` when the result could not be put there later. */
export function openRunDirectory(options: RunDirectoryOptions): RunDirectory {
  const { name, out, force = false, root = 'runs' } = options;
  const parent = resolve(out === undefined ? root : dirname(resolve(out)));
  const wanted = out === undefined ? undefined : resolve(out);
  if (wanted !== undefined) refuseTaken(wanted, out!, force);
  const temporary = join(parent, temporaryName('new', wanted === undefined ? name : basename(wanted)));
  try {
    mkdirSync(parent, { recursive: true });
    sweepTemporaries(parent);
    mkdirSync(temporary);
  } catch (cause) {
    throw writeError(out ?? join(root, `${name}-1`), cause);
  }
  const discard = () => {
    process.off('exit', discard);
    rmSync(temporary, { recursive: true, force: true });
  };
  process.on('exit', discard);
  return {
    discard,
    write: (path, content) => writeDurably(join(temporary, path), content),
    commit() {
      try {
        const final =
          wanted === undefined ? moveToFree(temporary, parent, name) : moveTo(temporary, wanted, out!, force);
        process.off('exit', discard);
        return final;
      } catch (error) {
        throw error instanceof DarkscanError ? error : writeError(wanted ?? parent, error);
      }
    },
  };
}

/** Remove leftovers of dead processes of this machine; an old run whose replacement never arrived is put back. */
export function sweepTemporaries(parent: string): void {
  for (const entry of readdirSync(parent)) {
    const [, kind, host, pid, name] = TEMPORARY.exec(entry) ?? [];
    if (kind === undefined || host !== HOST || isAlive(Number(pid))) continue;
    const final = join(parent, name!);
    if (kind === 'old' && !existsSync(final)) renameSync(join(parent, entry), final);
    else rmSync(join(parent, entry), { recursive: true, force: true });
  }
}

function temporaryName(kind: 'new' | 'old', name: string): string {
  return `.darkscan-${kind}-${HOST}-${process.pid}-${randomBytes(4).toString('hex')}-${name}`;
}

function refuseTaken(path: string, shown: string, force: boolean): void {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory())
    throw new DarkscanError('conflict', `output: ${shown} is a file, expected a new directory`);
  if (!force) throw new DarkscanError('conflict', `output: ${shown} exists; choose another name or add --force`);
  if (readdirSync(path).length > 0 && !existsSync(join(path, 'run.json')))
    throw new DarkscanError(
      'conflict',
      `output: ${shown} is not a run directory (no run.json), --force replaces only those; remove it yourself`,
    );
}

function moveTo(temporary: string, final: string, shown: string, force: boolean): string {
  refuseTaken(final, shown, force);
  if (!existsSync(final)) {
    renameSync(temporary, final);
    return final;
  }
  const old = join(dirname(final), temporaryName('old', basename(final)));
  renameSync(final, old);
  renameSync(temporary, final);
  rmSync(old, { recursive: true, force: true });
  return final;
}

/** The next free number; another process taking it first makes the rename fail, and the next one is tried. */
function moveToFree(temporary: string, parent: string, name: string): string {
  const isRun = (entry: string) => entry.startsWith(`${name}-`) && /^\d+$/.test(entry.slice(name.length + 1));
  const taken = readdirSync(parent)
    .filter(isRun)
    .map((entry) => Number(entry.slice(name.length + 1)));
  for (let n = Math.max(0, ...taken) + 1; ; n++) {
    const final = join(parent, `${name}-${n}`);
    try {
      if (!existsSync(final)) {
        renameSync(temporary, final);
        return final;
      }
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw writeError(path, cause);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
