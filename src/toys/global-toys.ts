/** The global p-value of toys in the summary of the scan they belong to, of windows or of spectra. */
import type { GlobalToys, ScanResult } from '../model/result.ts';
import type { SpectrumScanResult } from '../model/spectrum/spectrum-result.ts';
import type { CampaignResult } from './toy-result.ts';

/** Unchanged where the scan has no best window or hypothesis. */
export function withToys<T extends ScanResult | SpectrumScanResult>(scan: T, toys: CampaignResult): T {
  const { global } = scan.summary;
  if (global === null) return scan;
  const warnings = [...scan.summary.warnings, ...toys.warnings];
  return { ...scan, summary: { ...scan.summary, global: { ...global, toys: globalToys(toys) }, warnings } };
}

/** What a summary says of toys of the background. */
function globalToys(toys: CampaignResult): GlobalToys {
  return {
    ensemble: toys.ensemble,
    nToys: toys.n_toys,
    nExceedances: toys.n_exceedances,
    zLocal: toys.z_local_max,
    p: toys.p_global!,
    low: toys.p_global_low!,
    high: toys.p_global_high!,
    z: toys.z_global,
    trialsFactor: toys.trials_factor,
  };
}
