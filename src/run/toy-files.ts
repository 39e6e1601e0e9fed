/** A campaign of toys -> the files of its run directory, or those it adds to that of a scan. */
import { tableToCsv } from '../io/result-csv.ts';
import { toJsonText } from '../io/result-json.ts';
import { tableToParquet } from '../io/result-parquet.ts';
import type { PlotLabels, Provenance } from '../model/result.ts';
import { listToyFigures, storeToyFigures, type ToyFigureInputs } from '../report/toy-figures.ts';
import type { ThrownToys } from '../toys/toy-report.ts';
import { VERSION } from '../version.ts';
import type { RunContent, RunFile } from './run-content.ts';

export interface FinishedToys extends ThrownToys {
  readonly provenance: Provenance;
  /** The card as written, and the words of plots. */
  readonly text: string;
  readonly labels: PlotLabels;
}

/** A campaign on its own. */
export function toyRunFiles(toys: FinishedToys): RunContent {
  const { card, identity } = toys.result;
  const run = { schema: 'darkscan/toys-run/1', version: VERSION, card, identity, ...toys.provenance };
  const { files, figures } = toyFiles({ ...toys, provenance: run });
  const own = [
    { path: 'run.json', content: `${toJsonText(run, 2)}\n` },
    { path: 'card.yaml', content: toys.text },
  ];
  return { files: [...own, ...files], figures };
}

/** toys.json, the tables and the plots, for a directory that may hold a scan beside them. */
export function toyFiles({ nToys, report, result, provenance, labels }: Omit<FinishedToys, 'text'>): RunContent {
  const { maxZ, where, ...drawn } = report;
  const tables = [
    { name: 'toys-max-z', table: maxZ },
    { name: 'toys-where', table: where },
  ];
  const inputs: ToyFigureInputs = {
    labels,
    maxZ,
    nToys,
    sample: result.sample,
    zLocal: result.z_local_max,
    ...drawn,
  };
  function* files(): Iterable<RunFile> {
    yield { path: 'toys.json', content: `${toJsonText(result, 2)}\n` };
    for (const { name, table } of tables) {
      yield { path: `${name}.parquet`, content: tableToParquet(table, provenance) };
      yield { path: `${name}.csv`, content: tableToCsv(table) };
    }
    yield { path: 'plots/toys.json', content: `${toJsonText(storeToyFigures(inputs))}\n` };
  }
  return { files: files(), figures: listToyFigures(inputs) };
}
