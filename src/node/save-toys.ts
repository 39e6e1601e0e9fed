/** A finished campaign -> the files of its run directory. */
import { toJsonText } from '../io/result-json.ts';
import { tableToParquet } from '../io/result-parquet.ts';
import type { ParsedCard } from '../io/card.ts';
import type { ToySetup } from '../toys/prepare-toys.ts';
import { extremesTable, whereTable, type ToyResult } from '../toys/toy-result.ts';
import type { ToyTally } from '../toys/tally.ts';
import type { PlotLabels } from '../model/result.ts';
import { listToyFigures } from '../report/toy-figures.ts';
import { significanceLevels } from '../toys/significance-levels.ts';
import { loadPngRenderer } from './png.ts';
import type { RunDirectory } from './run-directory.ts';
import type { SaveOptions } from './save-run.ts';
import { VERSION } from '../version.ts';

/** Writes everything and gives the directory its name; on an error nothing is left behind. Returns the path. */
export async function saveToys(
  setup: ToySetup,
  tally: ToyTally,
  result: ToyResult,
  provenance: Readonly<Record<string, unknown>>,
  { text, labels }: Pick<ParsedCard, 'text'> & { readonly labels: PlotLabels },
  directory: RunDirectory,
  { plots = true, warn }: SaveOptions = {},
): Promise<string> {
  try {
    const run = {
      schema: 'darkscan/toys-run/1',
      version: VERSION,
      card: result.card,
      identity: setup.identity,
      ...provenance,
    };
    const extremes = extremesTable(setup, tally);
    await directory.write('toys.json', `${toJsonText(result, 2)}\n`);
    await directory.write('run.json', `${toJsonText(run, 2)}\n`);
    await directory.write('extremes.parquet', tableToParquet(extremes, run));
    await directory.write('where.parquet', tableToParquet(whereTable(setup, tally), run));
    await directory.write('card.yaml', text);
    if (plots) {
      const png = await loadPngRenderer();
      if (typeof png !== 'function') warn?.(png.unavailable);
      const inputs = {
        labels,
        extremes,
        nToys: result.n_toys,
        zLocal: result.z_local_max,
        levels: significanceLevels(setup.tables.ranks),
      };
      for (const { name, draw } of listToyFigures(inputs)) {
        const svg = draw();
        await directory.write(`plots/${name}.svg`, svg);
        if (typeof png === 'function') await directory.write(`plots/${name}.png`, png(svg));
      }
    }
    return directory.commit();
  } catch (error) {
    directory.discard();
    throw error;
  }
}
