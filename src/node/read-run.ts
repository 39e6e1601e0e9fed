/** Read a run directory back, for `plot`, `compare`, `export` and `explain`. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DarkscanError } from '../errors.ts';
import { tableFromParquet } from '../io/result-parquet.ts';
import type { Provenance, ResultTable, Summary } from '../model/result.ts';
import { restoreFigureInputs } from '../report/figure-inputs.ts';
import type { FigureInputs } from '../report/figure-inputs.ts';

/** The table of a run directory, or of a windows.parquet itself; error `data` when it is neither. */
export async function readTable(path: string): Promise<{ table: ResultTable; provenance: Provenance }> {
  const isDirectory = await stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  );
  const file = isDirectory ? join(path, 'windows.parquet') : path;
  return tableFromParquet(await readBytes(file), file);
}

export async function readSummary(directory: string): Promise<Summary> {
  return (await readJson(join(directory, 'summary.json'))) as Summary;
}

/** What the figures of a run were drawn from. */
export async function readFigureInputs(directory: string): Promise<FigureInputs> {
  const { table } = await readTable(directory);
  const stored = await readJson(join(directory, 'plots/figures.json'));
  return restoreFigureInputs(stored as Parameters<typeof restoreFigureInputs>[0], table);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await readBytes(file)));
  } catch (cause) {
    if (cause instanceof DarkscanError) throw cause;
    throw new DarkscanError('data', `${file}: not JSON (${(cause as Error).message}); run the scan again`, { cause });
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'does not exist'
        : `cannot be read (${(cause as Error).message})`;
    throw new DarkscanError('data', `${file}: ${reason}, expected a run directory of darkscan; name one`, { cause });
  }
}
