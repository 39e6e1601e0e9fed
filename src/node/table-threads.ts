/**
 * Parses tables in a worker thread of their own. The bytes come from anywhere: a damaged file may make a parser hang or
 * take all memory. Here that ends in one error, after a time and with a heap that are bounded.
 */
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { DarkscanError } from '../errors.ts';
import { openTable, tableFormat, type OpenTable, type TableOpener, type TableOptions } from '../io/table-file.ts';
import type { Outcome, TableService } from './table-worker.ts';
import { startThread } from './worker-threads.ts';

export interface ThreadLimits {
  /** For each of opening and reading; default 60 s, and 1 s more for each MB. */
  readonly timeoutMs?: number;
  /** JavaScript heap of the thread (columns are outside of it). */
  readonly heapMb?: number;
}

const DEFAULT_HEAP_MB = 2048;
/** A CSV file below this size is parsed at once: our own parser reads it in well under a second. */
const SMALL_CSV_BYTES = 8 * 1024 ** 2;

/** Opens tables in a thread each; small CSV files in this one. */
export function threadedTables(limits: ThreadLimits = {}): TableOpener {
  return async (bytes, source, options = {}) => {
    const isSmallCsv = tableFormat(bytes) === 'csv' && bytes.length < SMALL_CSV_BYTES;
    return isSmallCsv ? openTable(bytes, source, options) : openInThread(bytes, source, options, limits);
  };
}

async function openInThread(
  bytes: Uint8Array,
  source: string,
  options: TableOptions,
  { timeoutMs = 60_000 + bytes.length / 1000, heapMb = DEFAULT_HEAP_MB }: ThreadLimits,
): Promise<OpenTable> {
  // what jsroot prints about a file stays in the thread
  const worker = startThread(
    'table-worker',
    {},
    { stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: heapMb } },
  );
  const service = wrap<TableService>(nodeEndpoint(worker));
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', (error: NodeJS.ErrnoException) => reject(asDarkscanError(error, source, heapMb)));
    worker.once('exit', () => reject(new DarkscanError('internal', `internal: the parser of ${source} stopped`)));
  });
  failed.catch(() => undefined);
  const call = async <T>(work: Promise<Outcome<T>>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(timeoutError(source, timeoutMs)), timeoutMs);
    });
    try {
      const outcome = await Promise.race([work, failed, tooLong]);
      if (!outcome.ok) throw new DarkscanError(outcome.kind, outcome.message);
      return outcome.value;
    } catch (error) {
      await worker.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  const description = await call(service.open(bytes, source, options));
  return {
    description,
    read: (wanted) => call(service.read(wanted)),
    readEach: (wanted) => call(service.readEach(wanted)),
    close: async () => void (await worker.terminate()),
  };
}

function asDarkscanError(error: NodeJS.ErrnoException, source: string, heapMb: number): DarkscanError {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY')
    return new DarkscanError('internal', `internal: the parser of ${source} failed (${error.message})`, {
      cause: error,
    });
  const message = `${source}: parsing it takes more than ${heapMb} MB of memory; it is damaged, or split it`;
  return new DarkscanError('resource', message, { cause: error });
}

function timeoutError(source: string, timeoutMs: number): DarkscanError {
  const seconds = Math.round(timeoutMs / 100) / 10;
  return new DarkscanError(
    'resource',
    `${source}: parsing it takes longer than ${seconds} s; it is damaged, or split it`,
  );
}
