/**
 * darkscan as a library: scan thousands of windows for new particles, on the GPU (WebGPU) or the CPU. This entry knows
 * neither Node nor the DOM; what Node adds (files, worker threads, the `webgpu` package) is in `darkscan/node`.
 *
 * @example
 * const card = parseCard(text, 'card.yaml');
 * const { backend } = await chooseBackend({ backend: 'auto' }, nodePlatform);
 * const result = await scanWindows(card, { backend, files: dataFiles('.') });
 * const z = numbersOf(result.table, 'z');
 * await backend.close();
 */
export { DarkscanError, EXIT_CODES, isDarkscanError, type ErrorKind } from './errors.ts';
export { VERSION } from './version.ts';

// cards and data
export { isSpectrumCard, parseAnyCard, parseCard, type Parsed, type ParsedCard } from './io/card.ts';
export type { AnyCard, Card, SpectrumCard } from './model/card.ts';
export type { FileSource, LoadedFile } from './io/file-source.ts';

// backends
export { chooseBackend, type BackendChoice, type BackendRequest, type Platform } from './engine/choose-backend.ts';
export { CpuBackend } from './engine/cpu-backend.ts';
export type { Backend, BackendInfo, Handle, RunOptions } from './engine/backend.ts';

// scans
export { scanWindows, type ScanOptions } from './scan/window-scan.ts';
export { evaluateWindows, type EvaluateOptions, type WindowNumbers } from './scan/evaluate-windows.ts';
export type {
  BayesRequest,
  ClsRequest,
  LimitRequest,
  P0Method,
  ProfileRequest,
  WindowStatistics,
  WindowStatus,
} from './scan/statistics.ts';
export type { BackgroundComponent, CountingModel, Nuisance } from './model/counting-model.ts';

export { scanSpectra, type SpectrumScanOptions } from './scan/spectrum/spectrum-scan.ts';
export type { SpectrumScanResult, SpectrumSummary } from './model/spectrum/spectrum-result.ts';

// results
export {
  findColumn,
  numbersOf,
  type ResultColumn,
  type ResultTable,
  type ScanResult,
  type Summary,
} from './model/result.ts';
export { tableToCsv } from './io/result-csv.ts';
export { tableToJson } from './io/result-json.ts';
export { tableFromParquet, tableToParquet } from './io/result-parquet.ts';
export { figureInputs } from './report/figure-inputs.ts';
export { listFigures } from './report/figures.ts';
export { listSpectrumFigures } from './report/spectrum/figures.ts';
export { spectrumSummaryText } from './report/spectrum/summary-text.ts';
export { summaryText } from './report/summary-text.ts';
