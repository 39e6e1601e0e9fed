/** What the engine keeps of the last finished scan, for details, toys and downloads. */
import type { Parsed, ParsedCard } from '../../io/card.ts';
import type { SpectrumCard } from '../../model/card.ts';
import type { ScanResult } from '../../model/result.ts';
import type { SpectrumScanResult } from '../../model/spectrum/spectrum-result.ts';
import type { PreparedScan } from '../../scan/prepare.ts';
import type { PreparedSpectra } from '../../scan/spectrum/prepare.ts';
import type { ScanRequest } from './api.ts';

export interface KeptWindows {
  readonly kind: 'windows';
  readonly request: ScanRequest;
  readonly parsed: ParsedCard;
  readonly prepared: PreparedScan;
  readonly result: ScanResult;
}

export interface KeptSpectra {
  readonly kind: 'spectrum';
  readonly request: ScanRequest;
  readonly parsed: Parsed<SpectrumCard>;
  readonly prepared: PreparedSpectra;
  readonly result: SpectrumScanResult;
}

export type Kept = KeptWindows | KeptSpectra;
