/** Bookkeeping of what was recomputed in f64 and how far the device was off. */
import { zFromLnP } from '../stats/normal.ts';

export class Recheck {
  /** Windows recomputed because they decide, or at random. */
  checked = 0;
  /** Windows of which the device handed something back (precision or size). */
  readonly neededWindows = new Set<number>();
  maxDeltaZ = 0;
  maxRelativeLimit = 0;

  compareZ(device: number, exact: number): void {
    if (Number.isFinite(device) && Number.isFinite(exact))
      this.maxDeltaZ = Math.max(this.maxDeltaZ, Math.abs(device - exact));
  }

  compareLimit(device: number, exact: number): void {
    if (device > 0 && exact > 0) this.maxRelativeLimit = Math.max(this.maxRelativeLimit, Math.abs(device / exact - 1));
  }
}

/** Signed Z of p0 from the logarithms of both tails; NaN (null) where p0 is exactly 1. */
export function zOf(lnP: number, lnComplement: number): number {
  if (lnComplement <= -1e29) return NaN;
  return zFromLnP(lnP, lnComplement);
}
