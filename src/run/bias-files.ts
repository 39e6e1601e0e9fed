/** A measurement of bias -> the files of its run directory. */
import { tableToCsv } from '../io/result-csv.ts';
import { toJsonText } from '../io/result-json.ts';
import { tableToParquet } from '../io/result-parquet.ts';
import type { PlotLabels, Provenance } from '../model/result.ts';
import type { BiasResult } from '../model/spectrum/bias-result.ts';
import { listBiasFigures, storeBiasFigures } from '../report/spectrum/bias-figure.ts';
import { biasTable } from '../toys/spectrum/bias-table.ts';
import { VERSION } from '../version.ts';
import type { RunContent } from './run-content.ts';
import { TABLE_FILES } from './table-files.ts';

export interface FinishedBias {
  readonly result: BiasResult;
  readonly provenance: Provenance;
  readonly labels: PlotLabels;
  /** The card as written, and that of the truth. */
  readonly text: string;
  readonly truthText?: string;
}

export function biasFiles({ result, provenance, labels, text, truthText }: FinishedBias): RunContent {
  const { card, truth, seed } = result;
  const run = { schema: 'darkscan/bias-run/1', version: VERSION, card, truth, seed, ...provenance };
  const table = biasTable(result.rows, labels.x.unit === '' ? undefined : labels.x.unit);
  const figures = { labels, result };
  return {
    files: [
      { path: 'run.json', content: `${toJsonText(run, 2)}\n` },
      { path: 'card.yaml', content: text },
      ...(truthText === undefined ? [] : [{ path: 'truth.yaml', content: truthText }]),
      { path: 'bias.json', content: `${toJsonText(result, 2)}\n` },
      { path: 'bias.csv', content: tableToCsv(table) },
      { path: TABLE_FILES.bias, content: tableToParquet(table, run) },
      { path: 'plots/bias.json', content: `${toJsonText(storeBiasFigures(figures))}\n` },
    ],
    figures: listBiasFigures(figures),
  };
}
