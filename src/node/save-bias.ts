/** A measurement of bias -> the files of its run directory. */
import { tableToCsv } from '../io/result-csv.ts';
import { toJsonText } from '../io/result-json.ts';
import { tableToParquet } from '../io/result-parquet.ts';
import type { PlotLabels, Provenance } from '../model/result.ts';
import type { BiasResult } from '../model/spectrum/bias-result.ts';
import { listBiasFigures, storeBiasFigures } from '../report/spectrum/bias-figure.ts';
import { biasTable } from '../toys/spectrum/bias-table.ts';
import { VERSION } from '../version.ts';
import { TABLE_FILES } from './read-run.ts';
import type { RunDirectory } from './run-directory.ts';
import { writeFigures, type SaveOptions } from './save-run.ts';

export interface FinishedBias {
  readonly result: BiasResult;
  readonly provenance: Provenance;
  readonly labels: PlotLabels;
  /** The card as written, and that of the truth. */
  readonly text: string;
  readonly truthText?: string;
}

/** Writes everything and gives the directory its name; on an error nothing is left behind. Returns the path. */
export async function saveBias(
  { result, provenance, labels, text, truthText }: FinishedBias,
  directory: RunDirectory,
  options: SaveOptions = {},
): Promise<string> {
  try {
    const { card, truth, seed } = result;
    const run = { schema: 'darkscan/bias-run/1', version: VERSION, card, truth, seed, ...provenance };
    const table = biasTable(result.rows, labels.x.unit === '' ? undefined : labels.x.unit);
    await directory.write('run.json', `${toJsonText(run, 2)}\n`);
    await directory.write('card.yaml', text);
    if (truthText !== undefined) await directory.write('truth.yaml', truthText);
    await directory.write('bias.json', `${toJsonText(result, 2)}\n`);
    await directory.write('bias.csv', tableToCsv(table));
    await directory.write(TABLE_FILES.bias, tableToParquet(table, run));
    const figures = { labels, result };
    await directory.write('plots/bias.json', `${toJsonText(storeBiasFigures(figures))}\n`);
    if (options.plots ?? true)
      await writeFigures(
        listBiasFigures(figures),
        (path, content) => directory.write(`plots/${path}`, content),
        options,
      );
    return directory.commit();
  } catch (error) {
    directory.discard();
    throw error;
  }
}
