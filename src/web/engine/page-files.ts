/** Files named in a card, among those that the user gave the page. */
import { DarkscanError } from '../../errors.ts';
import type { FileSource, LoadedFile } from '../../io/file-source.ts';
import { checkFileSize, unpackGzip } from '../../io/gzip.ts';
import { sha256Hex } from '../../io/sha256.ts';
import { DEFAULT_LIMITS, type TableLimits } from '../../io/table.ts';
import { workerTables } from './table-client.ts';

/** Of a file, stored and unpacked, and of its columns: a tab has a few GB for all of them together. */
export const PAGE_LIMITS: TableLimits = {
  ...DEFAULT_LIMITS,
  maxBytes: 1024 ** 3,
  advice: 'scan it with the darkscan command, whose limit can be raised',
};

/** @param files by the names the card uses */
export function pageFiles(files: ReadonlyMap<string, File>): FileSource {
  return {
    async read(name, where) {
      const file = files.get(name);
      if (file !== undefined) return loadFile(file, name, where);
      throw new DarkscanError('data', `${where}: the card names the file '${name}'; drop it on the page`, { where });
    },
  };
}

/**
 * A file that the user gave the page, unpacked where it is gzip.
 * @param name as the card calls it; @param where path into the card, for messages
 * Errors: kind data (gone, damaged), kind resource (too large).
 */
export async function loadFile(
  file: File,
  name: string,
  where: string,
  limits: TableLimits = PAGE_LIMITS,
): Promise<LoadedFile> {
  checkFileSize(file.size, limits, name, where);
  const stored = await bytesOf(file, name, where);
  return {
    name,
    bytes: await unpackGzip(stored, limits, name, where),
    sha256: await sha256Hex(stored),
    storedBytes: stored.length,
    openTable: (content, source, request) => workerTables(content, source, { limits, ...request }),
  };
}

async function bytesOf(file: File, name: string, where: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    const found = `${where}: '${name}' can no longer be read (moved or changed since it was dropped)`;
    throw new DarkscanError('data', `${found}; drop it again`, { where, cause });
  }
}
