/** Run directories on disk: the files of src/run, with the PNG of every figure beside its SVG. */
import type { ScanResult } from '../model/result.ts';
import type { SpectrumScanResult } from '../model/spectrum/spectrum-result.ts';
import { biasFiles, type FinishedBias } from '../run/bias-files.ts';
import { figureFiles, type RunContent } from '../run/run-content.ts';
import { scanFiles } from '../run/scan-files.ts';
import { toyRunFiles, type FinishedToys } from '../run/toy-files.ts';
import type { ThrownToys } from '../toys/toy-report.ts';
import { loadPngRenderer } from './png.ts';
import type { RunDirectory } from './run-directory.ts';

export interface SaveOptions {
  /** Default true; false writes no plots at all. */
  readonly plots?: boolean;
  readonly warn?: (message: string) => void;
}

export interface SaveRunOptions extends SaveOptions {
  /** Thrown after the scan and in its summary already. */
  readonly toys?: ThrownToys;
}

/** Write everything and give the directory its name; on an error nothing is left behind. Returns the path. */
export function saveRun(
  result: ScanResult | SpectrumScanResult,
  directory: RunDirectory,
  { toys, ...options }: SaveRunOptions = {},
): Promise<string> {
  return save(() => scanFiles(result, toys), directory, options);
}

/** The same for a campaign of toys on its own. */
export function saveToys(toys: FinishedToys, directory: RunDirectory, options?: SaveOptions): Promise<string> {
  return save(() => toyRunFiles(toys), directory, options);
}

/** The same for a measurement of bias. */
export function saveBias(bias: FinishedBias, directory: RunDirectory, options?: SaveOptions): Promise<string> {
  return save(() => biasFiles(bias), directory, options);
}

/** Without resvg plots are SVG only, and there is a warning. */
async function save(
  make: () => RunContent,
  directory: RunDirectory,
  { plots = true, warn }: SaveOptions = {},
): Promise<string> {
  try {
    const { files, figures } = make();
    for (const { path, content } of files) await directory.write(path, content);
    if (plots) {
      const png = await loadPngRenderer();
      if (typeof png !== 'function') warn?.(png.unavailable);
      const drawn = figureFiles(figures, typeof png === 'function' ? png : undefined);
      for await (const { path, content } of drawn) await directory.write(path, content);
    }
    return directory.commit();
  } catch (error) {
    directory.discard();
    throw error;
  }
}
