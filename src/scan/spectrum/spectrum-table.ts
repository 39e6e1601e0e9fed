/** The numbers of a spectrum scan as the result table: columns, units and descriptions as documented. */
import { limitGroups } from '../../model/limit-groups.ts';
import type { ResultColumn, ResultTable } from '../../model/result.ts';
import { couplingColumns, limitColumns, realColumn, type LimitNumbers } from '../limit-columns.ts';
import type { SpectrumResult } from './fit-spectrum.ts';
import { HYPOTHESIS_STRIDE } from '../../kernels/shared/spectrum-arrays.ts';
import type { PreparedSpectra } from './prepare.ts';

/** Statuses whose fits have numbers. */
export function hasNumbers({ status }: Pick<SpectrumResult, 'status'>): boolean {
  return status === 'ok' || status === 'boundary' || status === 'no-error';
}

/** @param results, limits of all hypotheses in the order of the card */
export function spectrumTable(
  prepared: PreparedSpectra,
  results: readonly SpectrumResult[],
  limits: readonly LimitNumbers[],
  limitStatus: readonly string[],
): ResultTable {
  const { card, parts, nHypotheses, mass, sensitivity, scope } = prepared;
  const all = parts.flatMap((part) => part.hypotheses.map((hypothesis, h) => ({ part, hypothesis, h })));
  const x = Float64Array.from(all, ({ hypothesis }) => hypothesis.mass);
  const unitOf = (units: readonly (string | undefined)[]) => (new Set(units).size === 1 ? units[0] : undefined);
  const unit = unitOf(card.spectra.map((block) => block.x.unit));
  const ranges = all.map(({ part, h }) => (part.unbinned ?? part).plan.ranges[h]);
  const numbers = (name: string, read: (result: SpectrumResult) => number, description: string, of?: string) =>
    realColumn(
      name,
      Float64Array.from(results, (result) => (hasNumbers(result) ? read(result) : NaN)),
      description,
      of,
    );
  const whole = (name: string, values: Int32Array, description: string): ResultColumn => ({
    type: 'i32',
    name,
    values,
    description,
  });
  const massUnit = card.mass?.unit;
  const isMass = card.spectra.some((block) => block.mass !== undefined);
  const poiUnit = card.signal.poi.unit;
  return {
    rowCount: nHypotheses,
    columns: [
      whole(
        'id',
        Int32Array.from(all, (_, i) => i),
        'number of the hypothesis',
      ),
      ...(parts.length > 1
        ? [
            {
              type: 'string' as const,
              name: 'spectrum',
              values: all.map(({ part }) => part.name),
              description: 'spectrum of the card that it is tested in',
            },
          ]
        : []),
      realColumn('mass', mass, 'mass of the particle', massUnit ?? (isMass ? undefined : unit)),
      ...(isMass ? [realColumn('x', x, 'position of the signal in the variable of its spectrum', unit)] : []),
      realColumn(
        'sigma',
        Float64Array.from(all, ({ hypothesis }) => hypothesis.sigma),
        'resolution',
        unit,
      ),
      ...(all.some(({ hypothesis }) => hypothesis.width !== undefined)
        ? [
            realColumn(
              'width',
              Float64Array.from(all, ({ hypothesis: { width, sigma } }) => width ?? sigma),
              'standard deviation of the whole signal',
              unit,
            ),
          ]
        : []),
      realColumn(
        'range_low',
        Float64Array.from(ranges, ({ low }) => low),
        'lower edge of the fitted bins',
        unit,
      ),
      realColumn(
        'range_high',
        Float64Array.from(ranges, ({ high }) => high),
        'upper edge of the fitted bins',
        unit,
      ),
      whole(
        'n_bins',
        Int32Array.from(ranges, ({ bins }) => bins.length),
        'fitted bins; of an unbinned fit its events',
      ),
      whole(
        'n_background',
        Int32Array.from(all, ({ part, h }) => backgroundSize(part, h)),
        'free coefficients of the background; 0 where there is no fit',
      ),
      numbers('s_hat', ({ sHat }) => sHat, 'fitted signal events over all of the variable, may be negative'),
      numbers(
        's_err',
        ({ sErr, status }) => (status === 'no-error' ? NaN : sErr),
        'standard deviation of s_hat from the second derivatives of the likelihood',
      ),
      numbers('b_hat', ({ bHat }) => bHat, 'fitted background events within 2 widths of the signal'),
      numbers(
        'q0',
        ({ q0 }) => q0,
        'profile likelihood ratio of no signal, 0 for s_hat <= 0 (arXiv:1007.1727, Eq. 12)',
      ),
      numbers('z', ({ z }) => z, 'signed local significance, sign(s_hat) sqrt(2 d lnL): N(0, 1) without signal'),
      numbers('p0', ({ lnP0 }) => Math.exp(lnP0), 'local p0 of q0, 0.5 without an excess; 0 below 1e-308, see ln_p0'),
      numbers('ln_p0', ({ lnP0 }) => lnP0, 'natural logarithm of p0'),
      numbers('p_signed', ({ lnPSigned }) => Math.exp(lnPSigned), 'normal tail beyond z: uniform without signal'),
      numbers('p_fit', ({ pFit }) => pFit, 'chi2 probability of the deviance of the fit with signal'),
      realColumn('sens', sensitivity, 'expected signal events per unit of the parameter of interest'),
      ...limitColumns(limitGroups(card.statistics.limits), limits, poiUnit, 'spectra without signal'),
      ...couplingColumns(card.couplings, { x, m: mass }, scope, limits[0]),
      whole(
        'iterations',
        Int32Array.from(results, ({ iterations }) => iterations),
        'Newton steps of both fits',
      ),
      numbers('edm', ({ edm }) => edm, 'estimated distance of -ln L to its minimum'),
      {
        type: 'string',
        name: 'status',
        values: results.map(({ status }, h) =>
          hasNumbers({ status }) && limitStatus[h] !== 'ok' ? limitStatus[h] : status,
        ),
        description: 'ok, or why numbers are missing or need care',
      },
    ],
  };
}

/** Parameters of the fit without S and without peaks. */
function backgroundSize({ unbinned, plan: binned, model }: PreparedSpectra['parts'][number], h: number): number {
  const { plan } = unbinned ?? { plan: binned };
  if (plan.statuses[h] !== 'ok') return 0;
  return plan.hypotheses[HYPOTHESIS_STRIDE * h + 3] - 1 - (model.peaks ?? []).length;
}
