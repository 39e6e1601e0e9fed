/** Parses tables in a worker thread of their own, with a time and a heap that are bounded (src/io/worker-tables.ts). */
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { DarkscanError } from '../errors.ts';
import type { TableOpener } from '../io/table-file.ts';
import type { TableService } from '../io/table-service.ts';
import { tablesInWorkers, type TableLink } from '../io/worker-tables.ts';
import { startThread } from './worker-threads.ts';

export interface ThreadLimits {
  /** For each of opening and reading; default 60 s, and 1 s more for each MB. */
  readonly timeoutMs?: number;
  /** JavaScript heap of the thread (columns are outside of it). */
  readonly heapMb?: number;
}

const DEFAULT_HEAP_MB = 2048;

/** Opens tables in a thread each; small CSV files in this one. */
export function threadedTables({ timeoutMs, heapMb = DEFAULT_HEAP_MB }: ThreadLimits = {}): TableOpener {
  return tablesInWorkers({ start: (source) => startTableThread(source, heapMb), timeoutMs });
}

function startTableThread(source: string, heapMb: number): TableLink {
  // what jsroot prints about a file stays in the thread
  const worker = startThread(
    'table-worker',
    {},
    { stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: heapMb } },
  );
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', (error: NodeJS.ErrnoException) => reject(asDarkscanError(error, source, heapMb)));
    worker.once('exit', () => reject(new DarkscanError('internal', `internal: the parser of ${source} stopped`)));
  });
  failed.catch(() => undefined);
  return {
    service: wrap<TableService>(nodeEndpoint(worker)),
    failed,
    terminate: async () => void (await worker.terminate()),
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
