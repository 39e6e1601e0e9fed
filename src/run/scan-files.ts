/** A finished scan -> the files of its run directory. */
import { toJsonText } from '../io/result-json.ts';
import { tableToParquet } from '../io/result-parquet.ts';
import type { ScanResult } from '../model/result.ts';
import type { SpectrumScanResult } from '../model/spectrum/spectrum-result.ts';
import { figureInputs, storeFigureInputs } from '../report/figure-inputs.ts';
import { listFigures, type Figure } from '../report/figures.ts';
import { storeSpectrumFigures } from '../report/spectrum/figure-inputs.ts';
import { listSpectrumFigures } from '../report/spectrum/figures.ts';
import type { RunContent, RunFile } from './run-content.ts';
import { TABLE_FILES } from './table-files.ts';
import type { ThrownToys } from '../toys/toy-report.ts';
import { toyFiles } from './toy-files.ts';

/**
 * @param result with the toys in its summary, where there are some (toys/global-toys.ts)
 * @param toys thrown after the scan: their files stand beside those of the scan
 */
export function scanFiles(result: ScanResult | SpectrumScanResult, toys?: ThrownToys): RunContent {
  const { provenance, labels } = result;
  const { stored, figures } = 'fits' in result ? spectrumFigures(result) : windowFigures(result);
  const more = toys && toyFiles({ ...toys, labels, provenance });
  return { files: filesOf(result, stored, more), figures: [...figures, ...(more?.figures ?? [])] };
}

function* filesOf(
  { table, provenance, summary, cardText, ...rest }: ScanResult | SpectrumScanResult,
  stored: object,
  more: RunContent | undefined,
): Iterable<RunFile> {
  const name = 'fits' in rest ? TABLE_FILES.spectrum : TABLE_FILES.windows;
  yield { path: name, content: tableToParquet(table, provenance) };
  yield { path: 'summary.json', content: `${toJsonText(summary, 2)}\n` };
  yield { path: 'run.json', content: `${toJsonText(provenance, 2)}\n` };
  yield { path: 'card.yaml', content: cardText };
  yield { path: 'plots/figures.json', content: `${toJsonText(stored)}\n` };
  yield* more?.files ?? [];
}

interface StoredFigures {
  /** Content of plots/figures.json. */
  readonly stored: object;
  readonly figures: readonly Figure[];
}

function windowFigures(result: ScanResult): StoredFigures {
  const inputs = figureInputs(result);
  return { stored: storeFigureInputs(inputs), figures: listFigures(inputs) };
}

function spectrumFigures(result: SpectrumScanResult): StoredFigures {
  return { stored: storeSpectrumFigures(result), figures: listSpectrumFigures(result) };
}
