/** Read a run directory back, for `plot`, `compare`, `export` and `explain`. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DarkscanError } from '../errors.ts';
import { tableFromParquet } from '../io/result-parquet.ts';
import type { Provenance, ResultTable, Summary } from '../model/result.ts';
import { restoreFigureInputs } from '../report/figure-inputs.ts';
import { listBiasFigures, type StoredBiasFigures } from '../report/spectrum/bias-figure.ts';
import { restoreSpectrumFigures, type StoredSpectrumFigures } from '../report/spectrum/figure-inputs.ts';
import { listSpectrumFigures } from '../report/spectrum/figures.ts';
import { listFigures, type Figure } from '../report/figures.ts';
import { TABLE_FILES } from '../run/table-files.ts';
import { listToyFigures, restoreToyFigures, type StoredToyFigures } from '../report/toy-figures.ts';

/** The table of a run directory, or of a Parquet file of one; error `data` when it is neither. */
export async function readTable(path: string): Promise<{ table: ResultTable; provenance: Provenance }> {
  const isDirectory = await stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  );
  const file = isDirectory ? (tableFile(path) ?? join(path, TABLE_FILES.windows)) : path;
  return tableFromParquet(await readBytes(file), file);
}

export async function readSummary(directory: string): Promise<Summary> {
  return (await readJson(join(directory, 'summary.json'))) as Summary;
}

/** The figures of a scan, from what they were drawn from. */
async function readScanFigures(directory: string): Promise<Figure[]> {
  const { table } = await readTable(directory);
  const stored = await readJson(join(directory, 'plots/figures.json'));
  if (existsSync(join(directory, TABLE_FILES.spectrum)))
    return listSpectrumFigures(restoreSpectrumFigures(stored as StoredSpectrumFigures, table));
  return listFigures(restoreFigureInputs(stored as Parameters<typeof restoreFigureInputs>[0], table));
}

function tableFile(directory: string): string | undefined {
  return Object.values(TABLE_FILES)
    .map((name) => join(directory, name))
    .find((file) => existsSync(file));
}

/** All figures of a run: those of its scan and those of its toys, whichever it has, or those of a measurement of bias. */
export async function readFigures(directory: string): Promise<Figure[]> {
  const bias = join(directory, 'plots/bias.json');
  if (existsSync(bias)) return listBiasFigures((await readJson(bias)) as StoredBiasFigures);
  const toys = join(directory, 'plots/toys.json');
  const hasToys = existsSync(toys);
  const ofScan = hasToys && tableFile(directory) === undefined ? [] : await readScanFigures(directory);
  if (!hasToys) return ofScan;
  return [...ofScan, ...listToyFigures(restoreToyFigures((await readJson(toys)) as StoredToyFigures))];
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
