/** Inputs of the figures of a spectrum scan from real fits, with limits of a constant error (arXiv:1007.1727, Eq. 89). */
import { makeFitPlan, type FitModel } from '../../src/model/spectrum/fit-plan.ts';
import type { Hypothesis } from '../../src/model/spectrum/hypotheses.ts';
import type { Spectrum } from '../../src/model/spectrum/spectrum.ts';
import { topHypotheses } from '../../src/model/spectrum/top-hypotheses.ts';
import { EXPECTED_QUANTILES, type ResultColumn, type ResultTable } from '../../src/model/result.ts';
import type { FigureFit, FigureSpectrum, SpectrumFigureInputs } from '../../src/report/spectrum/figure-inputs.ts';
import { fitCurves } from '../../src/scan/spectrum/fit-curves.ts';
import { fitSpectrum, type SpectrumResult } from '../../src/scan/spectrum/fit-spectrum.ts';
import { normalQuantile } from '../../src/stats/latin-hypercube.ts';
import { erfc } from '../../src/stats/normal.ts';

export interface FittedPart {
  readonly name: string;
  readonly label: string;
  readonly spectrum: Spectrum;
  readonly hypotheses: readonly Hypothesis[];
  readonly model: FitModel;
}

const HAS_FIT = ['ok', 'boundary', 'no-error'];
const NONE = NaN;

export function spectrumFigureInputs(parts: readonly FittedPart[], count = 3): SpectrumFigureInputs {
  const plans = parts.map(({ spectrum, hypotheses, model }) => makeFitPlan(spectrum, hypotheses, model));
  const results = parts.map(({ spectrum }, p) => fitSpectrum(plans[p], spectrum.counts));
  const starts = parts.map((_, p) => parts.slice(0, p).reduce((sum, { hypotheses }) => sum + hypotheses.length, 0));
  const table = tableOf(parts, results.flat());
  const rows = topHypotheses(table, count);
  const fits = rows.flatMap((id): FigureFit[] => {
    const spectrum = starts.findLastIndex((start) => start <= id);
    const curves = fitCurves(plans[spectrum], parts[spectrum].spectrum.counts, id - starts[spectrum]);
    if (curves === undefined) return [];
    const { bins, background, signalPlusBackground, backgroundOfFull, result } = curves;
    const [a, b, c, d] = [bins, background, signalPlusBackground, backgroundOfFull].map((values) => [...values]);
    return [{ id, spectrum, bins: a, background: b, signalPlusBackground: c, backgroundOfFull: d, dof: result.dof }];
  });
  return {
    table,
    labels: {
      title: 'search for a bump',
      experiment: 'Public spectra',
      conditions: '#sqrt{s} = 13 TeV',
      x: { label: 'm_{X}', unit: 'GeV' },
      poi: { label: 'S', unit: 'events' },
    },
    p0Method: 'asymptotic',
    limitGroups: [{ method: 'cls-asymptotic', suffix: '', levelLabel: '95 % CL' }],
    couplings: [{ name: 'g_agg', label: 'g_{a#gamma#gamma} [GeV^{-1}]' }],
    spectra: parts.map((part, p) => figureSpectrum(part, plans[p])),
    fits,
  };
}

/** The background in the middle of each hypothesis's range, halfway to its neighbours. */
function figureSpectrum({ name, label, spectrum, hypotheses, model }: FittedPart, plan: Plan): FigureSpectrum {
  const { low, high, counts, nBins } = spectrum;
  const background = Array.from<number | null>({ length: nBins }).fill(null);
  hypotheses.forEach(({ mass }, h) => {
    const curves = fitCurves(plan, counts, h);
    const from = h === 0 ? -Infinity : 0.5 * (mass + hypotheses[h - 1].mass);
    const to = h === hypotheses.length - 1 ? Infinity : 0.5 * (mass + hypotheses[h + 1].mass);
    curves?.bins.forEach((bin, i) => {
      const centre = 0.5 * (low[bin] + high[bin]);
      if (centre >= from && centre < to) background[bin] = curves.backgroundOfFull[i];
    });
  });
  const [lows, highs, events] = [low, high, counts].map((values) => [...values]);
  const excluded = model.range.excluded ?? [];
  return { name, label, unit: 'GeV', low: lows, high: highs, counts: events, background, excluded };
}
type Plan = ReturnType<typeof makeFitPlan>;

function tableOf(parts: readonly FittedPart[], results: readonly SpectrumResult[]): ResultTable {
  const hypotheses = parts.flatMap((part) => part.hypotheses);
  const rowCount = results.length;
  const real = (name: string, of: (result: SpectrumResult, i: number) => number): ResultColumn => ({
    type: 'f64',
    name,
    description: name,
    values: Float64Array.from(results, (result, i) => (HAS_FIT.includes(result.status) ? of(result, i) : NONE)),
  });
  const hypothesis = (key: 'mass' | 'sigma'): ResultColumn => ({
    type: 'f64',
    name: key,
    description: key,
    values: Float64Array.from(hypotheses, (one) => one[key]),
  });
  const error = ({ sErr }: SpectrumResult) => (sErr > 0 ? sErr : NONE);
  const text = (name: string, values: string[]): ResultColumn => ({ type: 'string', name, description: name, values });
  const limit = (pull: number) => {
    const bounded = Math.max(-6, pull);
    return bounded + normalQuantile(1 - 0.05 * (1 - 0.5 * erfc(bounded * Math.SQRT1_2)));
  };
  const ids = Int32Array.from(results, (_, i) => i);
  const names = parts.flatMap((part) => part.hypotheses.map(() => part.name));
  return {
    rowCount,
    columns: [
      { type: 'i32', name: 'id', description: 'id', values: ids },
      ...(parts.length > 1 ? [text('spectrum', names)] : []),
      hypothesis('mass'),
      hypothesis('sigma'),
      real('s_hat', ({ sHat }) => sHat),
      real('s_err', error),
      real('z', ({ z }) => z),
      real('ln_p0', ({ lnP0 }) => lnP0),
      real('limit_obs', (r) => error(r) * limit(r.sHat / r.sErr)),
      ...EXPECTED_QUANTILES.map((q, k) => real(`limit_exp_${q}`, (r) => error(r) * limit(k - 2))),
      real('g_agg_obs', (r) => 1e-3 * Math.sqrt(error(r) * limit(r.sHat / r.sErr))),
      real('g_agg_exp_0', (r) => 1e-3 * Math.sqrt(error(r) * limit(0))),
      text(
        'status',
        results.map(({ status }) => status),
      ),
    ],
  };
}
