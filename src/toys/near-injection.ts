/** How often the best window of a toy lies at an injected signal. */
import { quadraticForm } from '../model/ellipse.ts';
import { OUTSIDE_68 } from './estimators/estimator.ts';
import { clopperPearson } from './estimators/from-toys.ts';
import type { ToySetup } from './prepare-toys.ts';
import { toysIn, type ToyTally } from './tally.ts';

export interface NearInjection {
  readonly x: number;
  readonly y?: number;
  readonly events: number;
  /** Toys whose best window is within NEAR resolutions of the true point, their share, its 68.27 % interval. */
  readonly n_toys_near: number;
  readonly share: number;
  readonly share_low: number;
  readonly share_high: number;
}

/** Distance in units of the resolution at the centre of the window. */
export const NEAR = 2;

/** [windows.count] 1 where a window's centre is within some resolutions of a point. */
export function isNear({ windows }: Pick<ToySetup, 'windows'>, x: number, y: number, reach = NEAR): Uint8Array {
  const { rxx, rxy, ryy } = windows;
  return Uint8Array.from({ length: windows.count }, (_, w) =>
    quadraticForm(rxx[w], rxy[w], ryy[w], windows.x[w] - x, windows.y[w] - y) <= reach * reach ? 1 : 0,
  );
}

export function nearInjections(setup: ToySetup, tally: ToyTally): NearInjection[] {
  const toys = toysIn(tally);
  return (setup.card.simulation?.inject ?? []).map(({ x, y, events }) => {
    const near = isNear(setup, x, y ?? 0);
    let n = 0;
    tally.byWindow.forEach((count, w) => (n += near[w] === 1 ? count : 0));
    const { low, high } = clopperPearson(n, toys, OUTSIDE_68);
    const place = y === undefined ? { x } : { x, y };
    return { ...place, events, n_toys_near: n, share: n / toys, share_low: low, share_high: high };
  });
}
