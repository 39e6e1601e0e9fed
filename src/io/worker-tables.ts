/**
 * Parses tables in a worker each, the same for Node's threads and a browser's workers. The bytes come from anywhere: a
 * damaged file may make a parser hang. Here that ends in one error after a time that is bounded.
 */
import type { Remote } from 'comlink';
import { DarkscanError } from '../errors.ts';
import { valueOf, type Outcome } from '../outcome.ts';
import type { TableService } from './table-service.ts';
import { openTable, tableFormat, type OpenTable, type TableOpener, type TableOptions } from './table-file.ts';

/** The line to a worker that serves src/io/table-service.ts. */
export interface TableLink {
  readonly service: Remote<TableService>;
  /** Rejects with a DarkscanError when the worker ends without having been told to. */
  readonly failed: Promise<never>;
  terminate(): Promise<void>;
}

export interface WorkerTablesOptions {
  /** Starts a worker for the table named `source` in messages. */
  readonly start: (source: string) => TableLink;
  /** For each of opening and reading; default 60 s, and 1 s more for each MB. */
  readonly timeoutMs?: number;
}

/** A CSV file below this size is parsed at once: our own parser reads it in well under a second. */
const SMALL_CSV_BYTES = 8 * 1024 ** 2;

/** Opens tables in a worker each; small CSV files where it is called. */
export function tablesInWorkers(options: WorkerTablesOptions): TableOpener {
  return async (bytes, source, request = {}) => {
    const isSmallCsv = tableFormat(bytes) === 'csv' && bytes.length < SMALL_CSV_BYTES;
    return isSmallCsv ? openTable(bytes, source, request) : openInWorker(bytes, source, request, options);
  };
}

async function openInWorker(
  bytes: Uint8Array,
  source: string,
  request: TableOptions,
  { start, timeoutMs = 60_000 + bytes.length / 1000 }: WorkerTablesOptions,
): Promise<OpenTable> {
  const { service, failed, terminate } = start(source);
  const call = async <T>(work: Promise<Outcome<T>>): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(timeoutError(source, timeoutMs)), timeoutMs);
    });
    try {
      return valueOf(await Promise.race([work, failed, tooLong]));
    } catch (error) {
      await terminate();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  const description = await call(service.open(bytes, source, request));
  return {
    description,
    read: (wanted) => call(service.read(wanted)),
    readEach: (wanted) => call(service.readEach(wanted)),
    close: terminate,
  };
}

function timeoutError(source: string, timeoutMs: number): DarkscanError {
  const seconds = Math.round(timeoutMs / 100) / 10;
  return new DarkscanError(
    'resource',
    `${source}: parsing it takes longer than ${seconds} s; it is damaged, or split it`,
  );
}
