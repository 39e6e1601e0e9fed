/** Entry of the worker thread that parses one table: opens it, reads columns from it, says what went wrong. */
import { parentPort } from 'node:worker_threads';
import { expose, transfer } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { isDarkscanError, type ErrorKind } from '../errors.ts';
import { openTable, type OpenTable, type TableDescription, type TableOptions } from '../io/table-file.ts';
import type { Table } from '../io/table.ts';

/** A value or an error; errors do not survive the way between threads as what they are. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly kind: ErrorKind; readonly message: string };

let table: OpenTable | undefined;

const service = {
  open: (bytes: Uint8Array, source: string, options: TableOptions): Promise<Outcome<TableDescription>> =>
    attempt(async () => {
      table = await openTable(bytes, source, options);
      return table.description;
    }),
  read: async (wanted: readonly string[]): Promise<Outcome<Table>> => sent(await attempt(() => table!.read(wanted))),
  readEach: async (wanted: readonly string[]): Promise<Outcome<readonly Table[]>> =>
    sent(await attempt(() => table!.readEach(wanted))),
};

export type TableService = typeof service;

async function attempt<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (isDarkscanError(error)) return { ok: false, kind: error.kind, message: error.message };
    return {
      ok: false,
      kind: 'internal',
      message: `internal: ${String(error)}; please report this with the file`,
    };
  }
}

/** Columns go to the main thread without a copy. */
function sent<T extends Table | readonly Table[]>(outcome: Outcome<T>): Outcome<T> {
  if (!outcome.ok) return outcome;
  const tables: readonly Table[] = 'columns' in outcome.value ? [outcome.value] : outcome.value;
  return transfer(outcome, [
    ...new Set(tables.flatMap(({ columns }) => [...columns.values()].map(({ buffer }) => buffer as ArrayBuffer))),
  ]);
}

expose(service, nodeEndpoint(parentPort!));
