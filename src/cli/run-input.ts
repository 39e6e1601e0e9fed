/** Reads what `darkscan scan` wrote: the table and the figure inputs of a run directory. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DarkscanError } from '../errors.ts';
import { tableFromParquet } from '../io/result-parquet.ts';
import type { Provenance, ResultTable } from '../model/result.ts';
import { restoreFigureInputs, type FigureInputs } from '../report/figure-inputs.ts';
import type { Session } from './session.ts';

/** Table of a run: the directory, or its windows.parquet. Error (kind data) when there is none. */
export async function readRunTable(
  run: string,
  session: Session,
): Promise<{ table: ResultTable; provenance: Provenance }> {
  const name = run.endsWith('.parquet') ? run : join(run, 'windows.parquet');
  return tableFromParquet(await readRunFile(name, run, session), name);
}

/** What the figures of a run are drawn from. */
export async function readFigureInputs(run: string, session: Session): Promise<FigureInputs> {
  const { table } = await readRunTable(run, session);
  const name = join(run, 'plots', 'figures.json');
  const text = new TextDecoder().decode(await readRunFile(name, run, session));
  try {
    return restoreFigureInputs(JSON.parse(text), table);
  } catch (cause) {
    throw new DarkscanError('data', `${name}: is damaged; run the scan again`, { cause });
  }
}

async function readRunFile(name: string, run: string, session: Session): Promise<Uint8Array> {
  return readFile(resolve(session.cwd, name)).catch((cause: NodeJS.ErrnoException) => {
    const reason =
      cause.code === 'ENOENT' || cause.code === 'ENOTDIR' ? 'is not there' : `cannot be read (${cause.code})`;
    throw new DarkscanError('data', `run: ${name} ${reason}; is ${run} the directory of a finished run?`, { cause });
  });
}
