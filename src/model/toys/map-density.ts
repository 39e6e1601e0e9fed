/** A binned map as a density of the plane: events per area of the bin a point is in; 0 between bins. */
import type { BinnedMap } from '../binned-map.ts';
import type { PlaneFunction } from '../plane-function.ts';

/** Slices in x in which bins are looked up. */
const SLICES = 1024;

/** Bins hold their lower edges; overlapping bins add. */
export function mapDensity(map: BinnedMap): PlaneFunction {
  const low = map.xLow.reduce((least, x) => Math.min(least, x), Infinity);
  const high = map.xHigh.reduce((most, x) => Math.max(most, x), -Infinity);
  const scale = SLICES / (high - low);
  const sliceOf = (x: number) => Math.min(SLICES - 1, Math.max(0, Math.floor((x - low) * scale)));
  const slices: number[][] = Array.from({ length: SLICES }, () => []);
  map.events.forEach((events, bin) => {
    if (events === 0) return;
    for (let s = sliceOf(map.xLow[bin]); s <= sliceOf(map.xHigh[bin]); s++) slices[s].push(bin);
  });
  const density = map.events.map((events, bin) => {
    const height = map.is2D ? map.yHigh[bin] - map.yLow[bin] : 1;
    return events / ((map.xHigh[bin] - map.xLow[bin]) * height);
  });
  const holds = (bin: number, x: number, y: number) =>
    x >= map.xLow[bin] && x < map.xHigh[bin] && (!map.is2D || (y >= map.yLow[bin] && y < map.yHigh[bin]));
  return (x, y, count, out) => {
    for (let i = 0; i < count; i++) {
      out[i] = 0;
      if (!(x[i] >= low && x[i] < high)) continue;
      for (const bin of slices[sliceOf(x[i])]) if (holds(bin, x[i], y[i])) out[i] += density[bin];
    }
  };
}
