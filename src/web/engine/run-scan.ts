/** One scan as the library's recipes do it, on the backend that the browser offers. */
import { chooseBackend, type BackendChoice } from '../../engine/choose-backend.ts';
import { isSpectrumCard, parseAnyCard, type Parsed, type ParsedCard } from '../../io/card.ts';
import type { SpectrumCard } from '../../model/card.ts';
import { prepareScan } from '../../scan/prepare.ts';
import { prepareSpectra } from '../../scan/spectrum/prepare.ts';
import { scanSpectra } from '../../scan/spectrum/spectrum-scan.ts';
import { scanWindows } from '../../scan/window-scan.ts';
import type { DeviceReport, OnProgress, ScanRequest } from './api.ts';
import type { KeptSpectra, KeptWindows } from './kept.ts';
import { pageFiles } from './page-files.ts';
import { browserPlatform } from './platform.ts';

export interface RunScan {
  readonly kept: KeptWindows | KeptSpectra;
  readonly device: DeviceReport;
}

/** Errors: DarkscanError of every kind. Everything that computes is given back at the end. */
export async function runScan(request: ScanRequest, onProgress: OnProgress): Promise<RunScan> {
  const parsed = parseAnyCard(request.text, request.source);
  const { card } = parsed;
  const report = (stage: string, done: number, total: number) => onProgress({ stage, done, total });
  report('prepare', 0, 1);
  return isSpectrumCard(card)
    ? runSpectra({ ...parsed, card }, request, report)
    : runWindows({ ...parsed, card }, request, report);
}

type Report = (stage: string, done: number, total: number) => void;

async function runWindows(parsed: ParsedCard, request: ScanRequest, onProgress: Report): Promise<RunScan> {
  const { unblind, threads } = request;
  const options = { files: pageFiles(request.files), seed: parsed.card.seed ?? 1, unblind };
  const choice = await chooseBackend({ backend: request.backend, threads }, browserPlatform);
  const { backend } = choice;
  try {
    const prepared = await prepareScan(parsed.card, options);
    const result = await scanWindows(parsed, { ...options, backend, prepared, onProgress });
    return { kept: { kind: 'windows', request, parsed, prepared, result }, device: describe(choice) };
  } finally {
    await backend.close();
  }
}

async function runSpectra(parsed: Parsed<SpectrumCard>, request: ScanRequest, onProgress: Report): Promise<RunScan> {
  const { files, unblind } = request;
  const options = { files: pageFiles(files), seed: parsed.card.seed ?? 1, unblind };
  const prepared = await prepareSpectra(parsed.card, options);
  const result = await scanSpectra(parsed, { ...options, prepared, onProgress });
  return { kept: { kind: 'spectrum', request, parsed, prepared, result }, device: FITS };
}

function describe({ backend, reasons }: BackendChoice): DeviceReport {
  return { info: backend.info, reasons, warnings: [...backend.warnings] };
}

/** Where fits of spectra run, whatever backend is asked for. */
const FITS: DeviceReport = {
  info: { kind: 'cpu', description: 'one CPU worker (f64)', precision: 'f64', details: { threads: 1 } },
  reasons: ['fits of spectra need f64 and run on one CPU worker'],
  warnings: [],
};
