/** The end of a table worker that parses: opens one table, reads columns from it, says what went wrong. */
import { transfer } from 'comlink';
import { attempt, type Outcome } from '../outcome.ts';
import { openTable, type OpenTable, type TableDescription, type TableOptions } from './table-file.ts';
import type { Table } from './table.ts';

/** What travels; the other end is src/io/worker-tables.ts. */
export interface TableService {
  open(bytes: Uint8Array, source: string, options: TableOptions): Promise<Outcome<TableDescription>>;
  read(wanted: readonly string[]): Promise<Outcome<Table>>;
  readEach(wanted: readonly string[]): Promise<Outcome<readonly Table[]>>;
}

/** To be exposed through comlink in a worker of its own: one table, then the worker ends. */
export function createTableService(): TableService {
  let table: OpenTable | undefined;
  return {
    open: (bytes, source, options) =>
      attempt(async () => {
        table = await openTable(bytes, source, options);
        return table.description;
      }),
    read: async (wanted) => sent(await attempt(() => table!.read(wanted))),
    readEach: async (wanted) => sent(await attempt(() => table!.readEach(wanted))),
  };
}

/** Columns go to the other side without a copy. */
function sent<T extends Table | readonly Table[]>(outcome: Outcome<T>): Outcome<T> {
  if (!outcome.ok) return outcome;
  const tables: readonly Table[] = 'columns' in outcome.value ? [outcome.value] : outcome.value;
  return transfer(outcome, [
    ...new Set(tables.flatMap(({ columns }) => [...columns.values()].map(({ buffer }) => buffer as ArrayBuffer))),
  ]);
}
