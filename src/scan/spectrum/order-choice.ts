/**
 * The order of the background chosen per range, by a rule that sees the counts alone: what is chosen for the data is
 * chosen anew for every toy, so that the freedom of the choice is in the p-values.
 *
 * The choice looks at fits without signal: an excess of many sigma in the middle of a range asks for higher orders.
 */
import { DarkscanError } from '../../errors.ts';
import {
  FIT_CODE,
  FIT_RESULT_STRIDE,
  HYPOTHESIS_STRIDE,
  spectrumArrays,
} from '../../kernels/shared/spectrum-arrays.ts';
import { SpectrumFits } from '../../kernels/shared/spectrum-fits.ts';
import { SpectrumLogFits } from '../../kernels/shared/spectrum-log-fits.ts';
import { spectrumFit } from '../../kernels/spectrum_fit.ts';
import { backgroundOf, type Background, type FitModel } from '../../model/spectrum/fit-model.ts';
import { makeFitPlan, type FitPlan } from '../../model/spectrum/fit-plan.ts';
import type { Hypothesis } from '../../model/spectrum/hypotheses.ts';
import type { AnyPlan } from '../../model/spectrum/plan-layout.ts';
import type { Spectrum } from '../../model/spectrum/spectrum.ts';
import { resultOf, spectrumInputs, type SpectrumResult } from './fit-spectrum.ts';
import { checkRule, chooseOrder, type OrderRule } from './order-choice-rule.ts';

/** Degrees (for power laws: numbers of powers) from `from` to `to`. */
export type OrderChoice = OrderRule & { readonly from: number; readonly to: number };

/** One plan per degree, made once for the data and all toys. */
export interface ChoicePlans<Plan extends AnyPlan = FitPlan> {
  readonly choice: OrderChoice;
  /** [to - from + 1] */
  readonly plans: readonly Plan[];
  /** Of the spectrum. */
  readonly nBins: number;
  /** The plan whose hypothesis h has the background of plans[chosen[h]]: for what comes after the choice. */
  readonly planOf: (chosen: ArrayLike<number>) => Plan;
}

/** The degree, or number of powers, of the model's background is replaced. Errors of kind card. */
export function makeChoicePlans(
  spectrum: Spectrum,
  hypotheses: readonly Hypothesis[],
  model: FitModel,
  choice: OrderChoice,
): ChoicePlans {
  return choicePlans((one) => makeFitPlan(spectrum, hypotheses, one), spectrum.nBins, hypotheses.length, model, choice);
}

/**
 * The same for plans of any making, also unbinned ones (their N in BIC is the number of events).
 * @param nBins length of the counts that they take
 */
export function choicePlans<Plan extends AnyPlan>(
  makePlan: (model: FitModel) => Plan,
  nBins: number,
  nHypotheses: number,
  model: FitModel,
  choice: OrderChoice,
): ChoicePlans<Plan> {
  const { from, to } = choice;
  checkRule(choice);
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to))
    throw new DarkscanError(
      'card',
      `background order: from ${from} to ${to}, expected whole numbers, the low one first`,
    );
  const planOf = (chosen: ArrayLike<number>) =>
    makePlan({ ...model, background: (h, i) => withOrder(backgroundOf(model, h, i), from + chosen[i]) });
  const plans = Array.from({ length: to - from + 1 }, (_, k) => planOf(new Uint8Array(nHypotheses).fill(k)));
  return { choice, plans, nBins, planOf };
}

function withOrder(background: Background, order: number): Background {
  return background.kind === 'power-law' ? { ...background, powers: order } : { ...background, degree: order };
}

/**
 * [nSpectra][nHypotheses] index in `plans` of the order chosen for these counts, a function of them alone. Orders that
 * cannot be fitted (more parameters than bins, ...) are no candidates; where none can, 0.
 * @param counts [nSpectra][nBins]
 * @param start of the fits; START.given for plans with starts
 */
export function chooseOrders(
  { choice, plans, nBins }: ChoicePlans<AnyPlan>,
  counts: Uint32Array,
  start?: number,
): Uint8Array {
  const { nHypotheses } = plans[0];
  const fits = plans.map((plan) => nullFits(plan, counts, nBins, start));
  const chosen = new Uint8Array((counts.length / nBins) * nHypotheses);
  for (let item = 0; item < chosen.length; item++) {
    const hypothesis = item % nHypotheses;
    const nFitted = plans[0].ranges[hypothesis].bins.length;
    chosen[item] = chooseOrder(choice, plans.length, nFitted, (order) => fits[order](item));
  }
  return chosen;
}

/** -2 ln L of the fit without signal of a work item (spectrum * nHypotheses + hypothesis); Infinity where there is none. */
export function nullFits(plan: AnyPlan, counts: Uint32Array, nBins: number, start?: number): (item: number) => number {
  const { arrays, params } = spectrumInputs(plan, counts, nBins, { start });
  const inputs = spectrumArrays(arrays, params);
  const [linear, logarithmic] = [new SpectrumFits(inputs), new SpectrumLogFits(inputs)];
  return (item) => {
    const hypothesis = item % plan.nHypotheses;
    if (plan.statuses[hypothesis] !== 'ok') return Infinity;
    const fits = plan.hypotheses[HYPOTHESIS_STRIDE * hypothesis + 4] > 0 ? logarithmic : linear;
    fits.load(Math.floor(item / plan.nHypotheses), hypothesis);
    return fits.fitNull(params.start) <= FIT_CODE.boundary ? fits.twiceNll() : Infinity;
  };
}

/**
 * Fits with the chosen orders: [nSpectra][nHypotheses][FIT_RESULT_STRIDE] numbers as the kernel spectrum_fit writes them.
 * @param chosen as chooseOrders gives it
 */
export function runChosen(
  { plans, nBins }: ChoicePlans<AnyPlan>,
  counts: Uint32Array,
  chosen: Uint8Array,
  options: { start?: number; isQuick?: boolean } = {},
): Float64Array {
  const result = new Float64Array(chosen.length * FIT_RESULT_STRIDE);
  const inputs = plans.map((plan) => spectrumInputs(plan, counts, nBins, options));
  for (let first = 0, end = 1; first < chosen.length; first = end++) {
    while (end < chosen.length && chosen[end] === chosen[first]) end++;
    const { arrays, params } = inputs[chosen[first]];
    spectrumFit.run([...arrays, result], params, first, end - first);
  }
  return result;
}

export interface ChosenFit extends SpectrumResult {
  /** Chosen degree, or number of powers. */
  readonly degree: number;
}

/** The observed spectrum against all hypotheses, each with the order that is chosen for it. */
export function fitChosen(all: ChoicePlans<AnyPlan>, counts: Uint32Array): ChosenFit[] {
  const { plans, choice } = all;
  const chosen = chooseOrders(all, counts);
  const numbers = runChosen(all, counts, chosen);
  return Array.from(chosen, (order, h) => ({
    ...resultOf(plans[order], h, numbers.subarray(h * FIT_RESULT_STRIDE)),
    degree: choice.from + order,
  }));
}
