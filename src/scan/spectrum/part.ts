/** One spectrum of a card with its hypotheses, ready to be fitted: what the scan of the data and toys start from. */
import type { FitModel, FitPlan } from '../../model/spectrum/fit-plan.ts';
import type { Hypothesis } from '../../model/spectrum/hypotheses.ts';
import type { Spectrum } from '../../model/spectrum/spectrum.ts';
import type { ChoicePlans } from './order-choice.ts';

/** Hypotheses and bins are numbered through all parts of a scan, in the order of the card. */
export interface SpectrumPart {
  /** As in the card; '' where the card has one spectrum. */
  readonly name: string;
  readonly spectrum: Spectrum;
  /** `mass` is the position of the signal in the variable of the spectrum. */
  readonly hypotheses: readonly Hypothesis[];
  readonly model: FitModel;
  /** With the orders chosen for the data, where orders are chosen. */
  readonly plan: FitPlan;
  /** Where the order of the background is chosen in every range: toys repeat it. */
  readonly choice?: ChoicePlans;
  /** Number of its first hypothesis in the scan. */
  readonly first: number;
}
