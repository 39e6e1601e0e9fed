/** A finished scan -> the files of its run directory, and figures -> SVG and PNG files; for `scan` and `plot`. */
import { tableToParquet } from '../io/result-parquet.ts';
import { toJsonText } from '../io/result-json.ts';
import type { ScanResult } from '../model/result.ts';
import type { SpectrumScanResult } from '../model/spectrum/spectrum-result.ts';
import { figureInputs, storeFigureInputs } from '../report/figure-inputs.ts';
import { listFigures, type Figure } from '../report/figures.ts';
import { storeSpectrumFigures } from '../report/spectrum/figure-inputs.ts';
import { listSpectrumFigures } from '../report/spectrum/figures.ts';
import { loadPngRenderer } from './png.ts';
import { TABLE_FILES } from './read-run.ts';
import type { RunDirectory } from './run-directory.ts';

export interface SaveOptions {
  /** Default true; false writes no plots at all. */
  readonly plots?: boolean;
  readonly warn?: (message: string) => void;
  readonly onProgress?: (file: string) => void;
  /** Writes more files before the directory gets its name. */
  readonly more?: (directory: RunDirectory) => Promise<void>;
}

/** Write everything and give the directory its name; on an error nothing is left behind. Returns the path. */
export async function saveRun(
  result: ScanResult | SpectrumScanResult,
  directory: RunDirectory,
  options: SaveOptions = {},
): Promise<string> {
  try {
    const isSpectrum = 'fits' in result;
    const { table, provenance } = result;
    await directory.write(isSpectrum ? TABLE_FILES.spectrum : TABLE_FILES.windows, tableToParquet(table, provenance));
    await directory.write('summary.json', `${toJsonText(result.summary, 2)}\n`);
    await directory.write('run.json', `${toJsonText(provenance, 2)}\n`);
    await directory.write('card.yaml', result.cardText);
    const { stored, figures } = isSpectrum ? spectrumFigures(result) : windowFigures(result);
    await directory.write('plots/figures.json', `${toJsonText(stored)}\n`);
    if (options.plots ?? true)
      await writeFigures(figures, (path, content) => directory.write(`plots/${path}`, content), options);
    await options.more?.(directory);
    return directory.commit();
  } catch (error) {
    directory.discard();
    throw error;
  }
}

function windowFigures(result: ScanResult) {
  const inputs = figureInputs(result);
  return { stored: storeFigureInputs(inputs), figures: listFigures(inputs) };
}

function spectrumFigures(result: SpectrumScanResult) {
  return { stored: storeSpectrumFigures(result), figures: listSpectrumFigures(result) };
}

/** Figures as <name>.svg and <name>.png through `write`; without resvg only SVG, and a warning. */
export async function writeFigures(
  figures: readonly Figure[],
  write: (path: string, content: string | Uint8Array) => Promise<void>,
  { warn, onProgress }: SaveOptions = {},
): Promise<string[]> {
  const png = await loadPngRenderer();
  if (typeof png !== 'function') warn?.(png.unavailable);
  const written: string[] = [];
  for (const { name, draw } of figures) {
    onProgress?.(name);
    const svg = draw();
    await write(`${name}.svg`, svg);
    if (typeof png === 'function') await write(`${name}.png`, png(svg));
    written.push(name);
  }
  return written;
}
