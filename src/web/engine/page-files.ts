/** Files named in a card, among those that the user gave the page. */
import { DarkscanError } from '../../errors.ts';
import type { FileSource } from '../../io/file-source.ts';
import { sha256Hex } from '../../io/sha256.ts';
import { workerTables } from './table-client.ts';

/** @param files by the names the card uses */
export function pageFiles(files: ReadonlyMap<string, File>): FileSource {
  return {
    async read(name, where) {
      const file = files.get(name);
      if (file === undefined) {
        throw new DarkscanError('data', `${where}: the card names the file '${name}'; drop it on the page`, { where });
      }
      const bytes = new Uint8Array(await file.arrayBuffer());
      return { name, bytes, sha256: await sha256Hex(bytes), storedBytes: bytes.length, openTable: workerTables };
    },
  };
}
