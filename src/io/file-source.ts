/** Where the files named in a card come from: the disk in Node (src/node/data-files.ts), anything else elsewhere. */
import type { TableOpener } from './table-file.ts';

export interface LoadedFile {
  /** As written in the card. */
  readonly name: string;
  /** Content, decompressed where it was gzip. */
  readonly bytes: Uint8Array;
  /** Of the file as it is stored, before decompression. */
  readonly sha256: string;
  readonly storedBytes: number;
  /** How to parse it away from this thread; without it src/io/table-file.ts parses here. */
  readonly openTable?: TableOpener;
}

export interface FileSource {
  /**
   * @param where path into the card that names the file, for messages
   * Errors: kind data (missing, unreadable, damaged), kind resource (too large).
   */
  read(name: string, where: string): Promise<LoadedFile>;
}
