/** A finished scan -> the files of its run directory. */
import { toJsonText } from '../io/result-json.ts';
import { tableToParquet } from '../io/result-parquet.ts';
import type { ScanResult } from '../model/result.ts';
import type { SpectrumScanResult } from '../model/spectrum/spectrum-result.ts';
import { figureInputs, storeFigureInputs } from '../report/figure-inputs.ts';
import { listFigures, type Figure } from '../report/figures.ts';
import { storeSpectrumFigures } from '../report/spectrum/figure-inputs.ts';
import { listSpectrumFigures } from '../report/spectrum/figures.ts';
import type { RunContent } from './run-content.ts';
import { TABLE_FILES } from './table-files.ts';
import type { ThrownToys } from '../toys/toy-report.ts';
import { toyFiles } from './toy-files.ts';

/**
 * @param result with the toys in its summary, where there are some (toys/global-toys.ts)
 * @param toys thrown after the scan: their files stand beside those of the scan
 */
export function scanFiles(result: ScanResult | SpectrumScanResult, toys?: ThrownToys): RunContent {
  const isSpectrum = 'fits' in result;
  const { table, provenance, labels } = result;
  const { stored, figures } = isSpectrum ? spectrumFigures(result) : windowFigures(result);
  const more = toys && toyFiles({ ...toys, labels, provenance });
  return {
    files: [
      { path: isSpectrum ? TABLE_FILES.spectrum : TABLE_FILES.windows, content: tableToParquet(table, provenance) },
      { path: 'summary.json', content: `${toJsonText(result.summary, 2)}\n` },
      { path: 'run.json', content: `${toJsonText(provenance, 2)}\n` },
      { path: 'card.yaml', content: result.cardText },
      { path: 'plots/figures.json', content: `${toJsonText(stored)}\n` },
      ...(more?.files ?? []),
    ],
    figures: [...figures, ...(more?.figures ?? [])],
  };
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
