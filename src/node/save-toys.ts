/** A finished campaign -> the files of its run directory. */
import { tableToCsv } from '../io/result-csv.ts';
import { toJsonText } from '../io/result-json.ts';
import { tableToParquet } from '../io/result-parquet.ts';
import type { ToySetup } from '../toys/prepare-toys.ts';
import type { SpectrumToySetup } from '../toys/spectrum/prepare-spectrum-toys.ts';
import type { SpectrumToyResult } from '../toys/spectrum/spectrum-toy-result.ts';
import { toyReport } from '../toys/toy-report.ts';
import type { ToyResult } from '../toys/toy-result.ts';
import { toysIn, type ToyTally } from '../toys/tally.ts';
import type { PlotLabels, Provenance } from '../model/result.ts';
import { listToyFigures, storeToyFigures } from '../report/toy-figures.ts';
import type { RunDirectory } from './run-directory.ts';
import { writeFigures, type SaveOptions } from './save-run.ts';
import { VERSION } from '../version.ts';

export interface FinishedToys {
  readonly setup: ToySetup | SpectrumToySetup;
  readonly tally: ToyTally;
  readonly result: ToyResult | SpectrumToyResult;
  readonly provenance: Provenance;
  /** The card as written, and the words of plots. */
  readonly text: string;
  readonly labels: PlotLabels;
}

/** Writes everything and gives the directory its name; on an error nothing is left behind. Returns the path. */
export async function saveToys(
  toys: FinishedToys,
  directory: RunDirectory,
  options: SaveOptions = {},
): Promise<string> {
  try {
    const { card, identity } = toys.result;
    const run = { schema: 'darkscan/toys-run/1', version: VERSION, card, identity, ...toys.provenance };
    await directory.write('run.json', `${toJsonText(run, 2)}\n`);
    await directory.write('card.yaml', toys.text);
    await writeToys({ ...toys, provenance: run }, directory, options);
    return directory.commit();
  } catch (error) {
    directory.discard();
    throw error;
  }
}

/** toys.json, the tables and the plots, into a directory that may hold a scan beside them. */
export async function writeToys(
  { setup, tally, result, provenance, labels }: Omit<FinishedToys, 'text'>,
  directory: RunDirectory,
  options: SaveOptions,
): Promise<void> {
  const { maxZ, where, ...drawn } = toyReport(setup, tally);
  await directory.write('toys.json', `${toJsonText(result, 2)}\n`);
  for (const [name, table] of [
    ['toys-max-z', maxZ],
    ['toys-where', where],
  ] as const) {
    await directory.write(`${name}.parquet`, tableToParquet(table, provenance));
    await directory.write(`${name}.csv`, tableToCsv(table));
  }
  const inputs = {
    labels,
    maxZ,
    nToys: toysIn(tally),
    sample: result.sample,
    zLocal: result.z_local_max,
    ...drawn,
  };
  await directory.write('plots/toys.json', `${toJsonText(storeToyFigures(inputs))}\n`);
  if (options.plots ?? true) {
    await writeFigures(listToyFigures(inputs), (path, content) => directory.write(`plots/${path}`, content), options);
  }
}
