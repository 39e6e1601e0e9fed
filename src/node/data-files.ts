/**
 * Files named in a card, on disk: beside the card first, then in the folders of DARKSCAN_DATA and one level below them
 * (DARKSCAN_DATA=../data finds ../data/lep/file.csv.gz under the name file.csv.gz).
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { DarkscanError } from '../errors.ts';
import type { FileSource, LoadedFile } from '../io/file-source.ts';
import { checkFileSize, unpackGzip, type SizeLimit } from '../io/gzip.ts';
import { sha256Hex } from '../io/sha256.ts';
import { DEFAULT_LIMITS } from '../io/table.ts';
import { threadedTables, type ThreadLimits } from './table-threads.ts';

/** Largest file read, unpacked, in bytes; the environment variable DARKSCAN_MAX_DATA_BYTES changes it. */
export const DEFAULT_MAX_BYTES = 2 * 1024 ** 3;

export interface DataFilesOptions {
  /** Folder of the card, or the working directory when the card came from standard input. */
  readonly cardFolder: string;
  /** Text of DARKSCAN_DATA: folders separated as in PATH. */
  readonly searchPath?: string;
  readonly maxBytes?: number;
  /** Of the thread that parses a file. */
  readonly threadLimits?: ThreadLimits;
}

/** Data files as the environment of this process says. */
export function dataFilesFromEnvironment(cardFolder: string, env: NodeJS.ProcessEnv = process.env): FileSource {
  const limit = env.DARKSCAN_MAX_DATA_BYTES;
  const maxBytes = limit === undefined ? undefined : Number(limit);
  if (maxBytes !== undefined && !(maxBytes > 0)) {
    throw new DarkscanError(
      'usage',
      `DARKSCAN_MAX_DATA_BYTES is '${limit}', expected a number of bytes above 0; correct or unset it`,
    );
  }
  return openDataFiles({ cardFolder, searchPath: env.DARKSCAN_DATA, maxBytes });
}

export function openDataFiles(options: DataFilesOptions): FileSource {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const limits = { ...DEFAULT_LIMITS, maxBytes, advice: 'raise DARKSCAN_MAX_DATA_BYTES if that is meant' };
  const open = threadedTables(options.threadLimits);
  return {
    async read(name, where): Promise<LoadedFile> {
      const path = await locate(name, where, options);
      const stored = await readBounded(path, name, where, limits);
      const sha256 = await sha256Hex(stored);
      const bytes = await unpackGzip(stored, limits, name, where);
      return {
        name,
        bytes,
        sha256,
        storedBytes: stored.length,
        openTable: (content, source, request) => open(content, source, { limits, ...request }),
      };
    },
  };
}

/** Path of a file. Error (kind data) naming every folder searched. */
export async function locate(name: string, where: string, options: DataFilesOptions): Promise<string> {
  if (isAbsolute(name)) {
    if (await isFile(name)) return name;
    throw new DarkscanError('data', `${where}: '${name}' is not a file; correct the path`, { where });
  }
  const folders = (options.searchPath ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [options.cardFolder, ...folders]) {
    if (await isFile(join(folder, name))) return join(folder, name);
  }
  for (const folder of folders) {
    for (const below of await subfolders(folder)) {
      if (await isFile(join(below, name))) return join(below, name);
    }
  }
  const searched = [options.cardFolder, ...folders.map((folder) => `${folder} (and one level below)`)].join(', ');
  const advice =
    folders.length === 0
      ? 'DARKSCAN_DATA is not set; put the file beside the card or set DARKSCAN_DATA to its folder'
      : 'add its folder to DARKSCAN_DATA';
  throw new DarkscanError('data', `${where}: file '${name}' not found, looked in ${searched}; ${advice}`, { where });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => join(folder, entry.name))
    .sort();
}

async function readBounded(
  path: string,
  name: string,
  where: string,
  limit: SizeLimit,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    checkFileSize((await stat(path)).size, limit, name, where);
    const buffer = await readFile(path);
    return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.byteLength);
  } catch (cause) {
    if (cause instanceof DarkscanError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new DarkscanError('data', `${where}: '${resolve(path)}' cannot be read (${reason}); check its permissions`, {
      where,
      cause,
    });
  }
}
