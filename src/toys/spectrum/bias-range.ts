/**
 * What toys of one hypothesis need: the bins of its own fit only, from the first to the last, thrown with the streams they
 * have in toys of the whole spectrum, so that they have the same counts.
 */
import {
  FIT_RESULT as R,
  FIT_RESULT_STRIDE,
  HYPOTHESIS_STRIDE,
  LOG_NODES,
  SETTINGS,
} from '../../kernels/shared/spectrum-arrays.ts';
import { spectrumFit } from '../../kernels/spectrum_fit.ts';
import type { FitPlan } from '../../model/spectrum/fit-plan.ts';
import { packPlans } from '../../model/spectrum/plan-layout.ts';
import { fitCurves } from '../../scan/spectrum/fit-curves.ts';
import { spectrumInputs } from '../../scan/spectrum/fit-spectrum.ts';
import type { ChoicePlans } from '../../scan/spectrum/order-choice.ts';
import type { SpectrumPart } from '../../scan/spectrum/part.ts';
import { hasFailed } from './fit-toys.ts';

export interface OwnRange {
  /** Number of its first bin among those of all parts: the stream of its counts. */
  readonly firstBin: number;
  readonly nBins: number;
  /** [nBins] expected events without signal, and the share of the signal in a bin. */
  readonly expected: Float64Array;
  readonly shares: Float64Array;
  /** One hypothesis; bins are numbered from firstBin. */
  readonly plan: FitPlan;
  /** Where orders are chosen: the same for every order. */
  readonly choice?: ChoicePlans;
}

/**
 * @param h hypothesis of the part, whose plan is ok
 * @param expected [all bins] of all parts
 * @param partBin number of the part's first bin among them
 */
export function ownRange(part: SpectrumPart, h: number, expected: Float64Array, partBin: number): OwnRange {
  const { plan, choice, spectrum, model, hypotheses } = part;
  const { bins } = plan.ranges[h];
  const low = bins[0];
  const nBins = bins[bins.length - 1] + 1 - low;
  const signal = model.signalAt(hypotheses[h]);
  return {
    firstBin: partBin + low,
    nBins,
    expected: expected.slice(partBin + low, partBin + low + nBins),
    shares: Float64Array.from({ length: nBins }, (_, i) =>
      signal.integral(spectrum.low[low + i], spectrum.high[low + i]),
    ),
    plan: onePlan(plan, h, low),
    ...(choice === undefined
      ? {}
      : { choice: { ...choice, nBins, plans: choice.plans.map((one) => onePlan(one, h, low)) } }),
  };
}

/** Its expected events from the fit of the hypothesis alone: exactly of the form that is fitted. Undefined without a fit. */
export function withOwnFit(range: OwnRange, { plan, spectrum }: SpectrumPart, h: number): OwnRange | undefined {
  const curves = fitCurves(plan, spectrum.counts, h);
  if (curves === undefined) return undefined;
  const expected = range.expected.slice();
  curves.bins.forEach((bin, i) => (expected[bin - curves.bins[0]] = curves.background[i]));
  return { ...range, expected };
}

/** The plan of hypothesis h alone, for a spectrum that starts at bin `low`. */
function onePlan(plan: FitPlan, h: number, low: number): FitPlan {
  const { maxParams } = plan;
  const row = HYPOTHESIS_STRIDE * h;
  const [first, nBins, offset, nParams, nLog, nodes] = plan.hypotheses.subarray(row, row + HYPOTHESIS_STRIDE);
  const range = { ...plan.ranges[h], bins: plan.ranges[h].bins.map((bin) => bin - low) };
  return packPlans([
    {
      nParams,
      nLog,
      range,
      bins: plan.bins.slice(first, first + nBins).map((bin) => bin - low),
      status: plan.statuses[h],
      design: plan.design.slice(offset, offset + nParams * nBins),
      nodes: nLog === 0 ? new Float64Array(0) : plan.nodes.slice(nodes, nodes + nBins * LOG_NODES * (1 + nLog)),
      settings: Array.from({ length: SETTINGS }, (_, r) => {
        const at = (SETTINGS * h + r) * maxParams;
        return plan.settings.slice(at, at + nParams);
      }),
    },
  ]);
}

/** [nBins] expected events with this many signal events over all of the variable. */
export function withSignal({ expected, shares }: OwnRange, events: number): Float64Array {
  return expected.map((mean, bin) => mean + events * shares[bin]);
}

/** Expected counts below this are none. */
const LEAST_MEAN = 1e-8;

/**
 * The fit to expected counts themselves (with the orders chosen for the data): S^ of many events' limit, and the error
 * of S^ that is expected. Undefined where there is no minimum or no error.
 */
export function fitExpected(
  { plan, nBins }: OwnRange,
  expected: Float64Array,
): { sHat: number; sErr: number } | undefined {
  const counts = expected.map((mean) => (mean > LEAST_MEAN ? mean : 0));
  const { arrays, params } = spectrumInputs(plan, new Uint32Array(0), nBins);
  const numbers = new Float64Array(FIT_RESULT_STRIDE);
  spectrumFit.run([counts, ...arrays.slice(1), numbers], params, 0, 1);
  const sErr = numbers[R.sErr];
  return hasFailed(numbers, 0) || !(sErr > 0) ? undefined : { sHat: numbers[R.sHat], sErr };
}
