/**
 * Side band of every window: data counted in an annulus around it, and the exposure ratio tau.
 * Events of the annulus count only inside windows.region (the plane where events can be, when there is a lattice) and
 * outside blind regions, and tau = 'area' is made from the same part of the plane.
 */
import { DarkscanError } from '../errors.ts';
import { annulusTau } from './annulus-area.ts';
import { isBlind } from './blind.ts';
import type { Card, SideBand } from './card.ts';
import type { Events } from './columns.ts';
import type { BackgroundComponent } from './counting-model.ts';
import { countAnnulus } from './counting.ts';
import { compileExpression, type Scope } from './expression.ts';
import { makeRegion, planeVariables } from './region.ts';
import type { WindowSet } from './windows.ts';

/** b0 is n_off / tau, 0 where tau is 0 (nothing of the annulus is allowed). Errors of kind card. */
export function sideBandComponent(
  name: string,
  card: Card,
  band: SideBand,
  where: string,
  scope: Scope,
  windows: WindowSet,
  events: Events,
): BackgroundComponent {
  const { inner = 3, outer = Infinity, tau: ratio } = band;
  if (typeof ratio === 'object') throw new DarkscanError('card', `card: ${where}.tau: a density is not connected yet`);
  refuseOverlap(card, inner, outer, where);
  const is2D = card.y !== undefined;
  const region = 'table' in card.windows ? undefined : makeRegion(card.windows.region, is2D, scope, 'windows.region');
  const blind = card.blind ?? [];
  const inRegion = (x: number, y: number) => region === undefined || region.contains(x, y);
  const allowed = (x: number, y: number) => inRegion(x, y) && !(blind.length > 0 && isBlind(blind, x, y));
  const whole = (x: number, y: number, hx: number, hy: number) => {
    if (blind.length > 0 || region?.hasCondition) return false;
    if (region === undefined) return true;
    const [rx, ry] = [region.x, region.y];
    return x - hx >= rx[0] && x + hx <= rx[1] && (!is2D || (y - hy >= ry[0] && y + hy <= ry[1]));
  };
  const nOff = countAnnulus(windows, events, inner, outer, allowed);
  const tau =
    ratio === 'area'
      ? annulusTau(windows, inner, outer, allowed, inRegion, whole)
      : formulaTau(ratio, is2D, where, scope, windows);
  const b0 = tau.map((t, i) => (t > 0 ? nOff[i] / t : 0));
  return { name, kind: 'side-band', b0, nOff, tau };
}

/** An annulus that holds part of its own window would count the signal twice. */
function refuseOverlap(card: Card, inner: number, outer: number, where: string): void {
  const half = 'table' in card.windows ? 1 : card.windows.half_axes;
  const k = typeof half === 'number' ? half : card.y === undefined ? half.x : Math.max(half.x, half.y);
  if (inner >= k && outer > inner) return;
  const message = `card: ${where} has inner ${inner}, outer ${outer}, expected ${k} (edge of the window) <= inner`;
  throw new DarkscanError('card', `${message} < outer; move the band out`, { where });
}

function formulaTau(
  tau: number | string,
  is2D: boolean,
  where: string,
  scope: Scope,
  windows: WindowSet,
): Float64Array {
  const formula = compileExpression(tau, planeVariables(is2D), scope, `${where}.tau`);
  return windows.x.map((x, i) => {
    const value = formula.evaluate([x, windows.y[i]]);
    if (value > 0 && value < Infinity) return value;
    const message = `card: ${where}.tau is ${value} at x = ${x}, y = ${windows.y[i]}, expected a finite number above 0`;
    throw new DarkscanError('card', `${message}; correct the formula`, { where: `${where}.tau` });
  });
}
