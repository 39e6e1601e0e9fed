/** Parses the tables of a page in a worker each: one that hangs is ended (src/io/worker-tables.ts). */
import { wrap } from 'comlink';
import { DarkscanError } from '../../errors.ts';
import type { TableOpener } from '../../io/table-file.ts';
import type { TableService } from '../../io/table-service.ts';
import { tablesInWorkers, type TableLink } from '../../io/worker-tables.ts';
import { startWorker } from './start-worker.ts';
import tableWorker from './table-worker.ts?worker&url';

/** Opens tables in a worker each; small CSV files where it is called. */
export const workerTables: TableOpener = tablesInWorkers({ start: startTableWorker });

function startTableWorker(source: string): TableLink {
  const worker = startWorker(tableWorker, 'table');
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) =>
      reject(new DarkscanError('internal', `internal: the parser of ${source} stopped (${message || 'did not load'})`)),
    );
  });
  failed.catch(() => undefined);
  return { service: wrap<TableService>(worker), failed, terminate: async () => worker.terminate() };
}
