/** Background of every window as the integral of a polynomial fitted to the data beside it (1D). */
import { DarkscanError } from '../../errors.ts';
import type { Card, Polynomial } from '../card.ts';
import type { Events } from '../columns.ts';
import type { BackgroundComponent } from '../counting-model.ts';
import type { Scope } from '../expression.ts';
import type { WindowSet } from '../windows.ts';
import { makeBands } from './bands.ts';
import { fitBands } from './fit-window.ts';

/**
 * b0 and its standard deviation from the fit of the bands; both NaN (the status of the window will be bad-background)
 * where there are fewer bins than coefficients, no events beside the window, no minimum, or one that is not above 0 in
 * the window. The same inside blind regions, none of whose events are used.
 * Errors of kind card: a 2D card, bands without a place or overlapping their window, and those of makeBands.
 */
export function polynomialComponent(
  name: string,
  card: Card,
  spec: Polynomial,
  where: string,
  scope: Scope,
  windows: WindowSet,
  events: Events,
): BackgroundComponent {
  refuseBands(card, spec, where);
  const fits = makeBands(card, spec, where, scope, windows, events.x);
  const b0 = new Float64Array(windows.count).fill(NaN);
  const error = new Float64Array(windows.count).fill(NaN);
  fits.forEach((bands, i) => {
    const fit = fitBands(bands);
    if (fit !== undefined) [b0[i], error[i]] = [fit.b0, fit.error];
  });
  return { name, kind: 'polynomial', b0, error, fits };
}

function refuseBands(card: Card, spec: Polynomial, where: string): void {
  const refuse = (path: string, text: string): never => {
    throw new DarkscanError('card', `card: ${where}${path} ${text}`, { where: `${where}${path}` });
  };
  if (card.y !== undefined) refuse('', 'needs a card without y; take a side_band, a density or a sample for a plane');
  const { ranges, inner, outer } = spec;
  if (ranges !== undefined) {
    if (inner !== undefined || outer !== undefined) {
      refuse('', 'has ranges and inner or outer, expected one of the two; remove one');
    }
    ranges.forEach(([low, high], k) => {
      if (!(low < high)) refuse(`.ranges[${k}]`, `is [${low}, ${high}], expected low < high; correct it`);
    });
    return;
  }
  if (outer === undefined) return refuse('', 'says not where to fit, expected ranges or outer; add one');
  const half = 'table' in card.windows ? 1 : card.windows.half_axes;
  const k = typeof half === 'number' ? half : half.x;
  const start = inner ?? 3;
  if (start >= k && outer > start) return;
  refuse('', `has inner ${start}, outer ${outer}, expected ${k} (edge of the window) <= inner < outer; move the bands`);
}
