/**
 * Side band of every window: data counted in a band around it (band-shape.ts), the ratio tau of the backgrounds in band
 * and window, and the signal that leaks into the band.
 */
import { DarkscanError } from '../errors.ts';
import { tauAndLeak, windowReach } from './band-tau.ts';
import { makeBandShape, type BandShape } from './band-shape.ts';
import type { Card, SideBand } from './card.ts';
import { FINITE_ABOVE_0, FINITE_FROM_0, isFiniteAbove0, isFiniteFrom0, valuesAtCentres } from './centre-formula.ts';
import type { Events } from './columns.ts';
import { countBand } from './counting-band.ts';
import type { BackgroundComponent } from './counting-model.ts';
import type { Scope } from './expression.ts';
import type { WindowSet } from './windows.ts';

/**
 * b0 is n_off / tau, 0 where tau is 0 (nothing of the band or of the window is allowed).
 * @param where path of the side band in the card
 * Errors of kind card.
 */
export function sideBandComponent(
  name: string,
  card: Card,
  spec: SideBand,
  where: string,
  scope: Scope,
  windows: WindowSet,
  events: Events,
): BackgroundComponent {
  const band = makeBandShape(card, spec, where, scope);
  refuseOverlap(windows, band, where);
  const { tau, leak } = ratiosOf(card, spec, band, where, scope, windows);
  const nOff = countBand(windows, events, band);
  const b0 = tau.map((t, i) => (t > 0 ? nOff[i] / t : 0));
  return { name, kind: 'side-band', b0, nOff, tau, ...(leak ? { leak } : {}) };
}

/** A band that holds part of its own window would count the signal twice. */
function refuseOverlap(windows: WindowSet, band: BandShape, where: string): void {
  const reach = windowReach(windows);
  const worst = reach.reduce((most, r, i) => (r > reach[most] ? i : most), 0);
  if (band.inner >= reach[worst] * (1 - 1e-9) && band.outer > band.inner) return;
  const edge = Number(reach[worst].toPrecision(6));
  const found = band.outer === Infinity ? `inner ${band.inner}` : `inner ${band.inner}, outer ${band.outer}`;
  const expected = `${edge} (edge of the window) <= inner${band.outer === Infinity ? '' : ' < outer'}`;
  throw new DarkscanError('card', `card: ${where} has ${found}, expected ${expected}; move the band out`, { where });
}

function ratiosOf(card: Card, spec: SideBand, band: BandShape, where: string, scope: Scope, windows: WindowSet) {
  const formula = tauFromFormula(spec, band, where, scope, windows);
  const leak = leakOf(spec, where, scope, windows);
  const ratio = typeof spec.tau === 'object' || spec.tau === 'area' ? spec.tau : undefined;
  const integrals = tauAndLeak(card, windows, band, ratio, leak === 'gaussian', scope, `${where}.tau`);
  return { tau: formula ?? integrals.tau!, leak: leak === 'gaussian' ? integrals.leak : leak };
}

/** undefined where tau is an integral. */
function tauFromFormula(spec: SideBand, band: BandShape, where: string, scope: Scope, windows: WindowSet) {
  const { tau } = spec;
  const place = `${where}.tau`;
  if (tau !== 'area' && typeof tau !== 'object') {
    return valuesAtCentres(tau, windows, scope, place, FINITE_ABOVE_0, isFiniteAbove0);
  }
  if (band.region !== undefined || band.outer < Infinity) return undefined;
  const message = `card: ${place} integrates over a band without an end: windows from a table have no region`;
  throw new DarkscanError('card', `${message}; give outer, or tau as a number or formula`, { where: place });
}

/** 'gaussian' where the leak is an integral; undefined where there is none. */
function leakOf(
  spec: SideBand,
  where: string,
  scope: Scope,
  windows: WindowSet,
): Float64Array | 'gaussian' | undefined {
  const { leak = windows.hasResolution ? 'gaussian' : undefined } = spec;
  if (leak === undefined) return undefined;
  const place = `${where}.leak`;
  if (leak !== 'gaussian') return valuesAtCentres(leak, windows, scope, place, FINITE_FROM_0, isFiniteFrom0);
  if (windows.hasResolution) return 'gaussian';
  const message = `card: ${place} is 'gaussian', but windows from a table have no resolution`;
  throw new DarkscanError('card', `${message}; give a number or a formula`, { where: place });
}
