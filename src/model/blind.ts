/** Blind regions: rectangles of the plane (or ranges of the line), edges included. */
import type { BlindRegion } from './card.ts';
import type { WindowSet } from './windows.ts';

export function isBlind(regions: readonly BlindRegion[], x: number, y: number): boolean {
  return regions.some((region) => within(region.x, x) && (region.y === undefined || within(region.y, y)));
}

/** Regions whose events side bands and polynomials leave out. */
export function blindInBands(regions: readonly BlindRegion[] = []): readonly BlindRegion[] {
  return regions.filter((region) => region.in_bands !== true);
}

/** [windows.count] 1 where the centre of the window is blind. */
export function blindWindows(regions: readonly BlindRegion[], windows: WindowSet): Uint8Array {
  const blind = new Uint8Array(windows.count);
  for (let i = 0; i < windows.count; i++) blind[i] = isBlind(regions, windows.x[i], windows.y[i]) ? 1 : 0;
  return blind;
}

function within(range: readonly number[], value: number): boolean {
  return value >= range[0] && value <= range[1];
}
