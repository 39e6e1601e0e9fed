/** What a measurement of bias with toys hands to writers, plots and text; shapes only. Numbers that do not exist are null. */

/** Toys of one hypothesis with one injected signal. */
export interface BiasRow {
  /** Number in the scan. */
  readonly id: number;
  /** Name of its spectrum; '' where the card has one. */
  readonly spectrum: string;
  readonly mass: number;
  /** Position of the signal in the variable, and its resolution. */
  readonly x: number;
  readonly sigma: number;
  /** Injected events in units of s_unit, the error of S^ that is expected without signal. */
  readonly strength: number;
  readonly s_unit: number;
  readonly s_injected: number;
  /** S^ - s_injected of a fit to the expected counts themselves: what is left of the bias without fluctuations. */
  readonly bias_expected: number | null;
  readonly toys: number;
  /** Toys without a minimum: in none of the numbers below. */
  readonly failures: number;
  /** Toys whose occupied bins do not determine S, or are none: in the mean of S^, not in pulls and coverage. */
  readonly without_error: number;
  readonly mean_s: number | null;
  /** Mean of S^ - s_injected. */
  readonly bias: number | null;
  readonly bias_err: number | null;
  /** Of (S^ - s_injected) / error of S^. */
  readonly pull_mean: number | null;
  readonly pull_mean_err: number | null;
  readonly pull_width: number | null;
  readonly pull_width_err: number | null;
  /** Share of toys with s_injected in S^ +- its error, and its 68.27 % interval. */
  readonly coverage: number | null;
  readonly coverage_low: number | null;
  readonly coverage_high: number | null;
  /** Toys with the signed Z above 1 and 2, below -1 and -2; where nothing is injected. */
  readonly z_above_1: number | null;
  readonly z_above_2: number | null;
  readonly z_below_1: number | null;
  readonly z_below_2: number | null;
  /** Kolmogorov's test of the signed Z against N(0, 1); where nothing is injected. */
  readonly p_z: number | null;
}

/** All hypotheses with the same strength. */
export interface BiasOverall {
  readonly strength: number;
  readonly hypotheses: number;
  readonly toys: number;
  readonly failures: number;
  readonly without_error: number;
  /** Mean over hypotheses of the mean pull; its error from the toys. */
  readonly pull_mean: number | null;
  readonly pull_mean_err: number | null;
  /** ln P(chi2) of all mean pulls against 0. */
  readonly ln_p_unbiased: number | null;
  /** Mean over hypotheses of the width of the pull. */
  readonly pull_width: number | null;
  readonly coverage: number | null;
  /** Shares of toys with the signed Z in the tails, and those of N(0, 1). */
  readonly tails: readonly { readonly tail: string; readonly share: number; readonly normal: number }[] | null;
  /** The hypothesis with the largest |bias| in units of s_unit. */
  readonly largest: {
    readonly id: number;
    readonly mass: number;
    readonly bias: number;
    readonly in_errors: number;
  } | null;
}

/** The largest |mean S^| of toys without signal, of one spectrum: a size for the card's spurious_signal. */
export interface SpuriousSize {
  readonly spectrum: string;
  /** Path of the key in the card. */
  readonly where: string;
  readonly events: number;
  /** Of the toys. */
  readonly error: number;
  readonly id: number;
  readonly mass: number;
  /** In units of the error of S^ that is expected there. */
  readonly in_errors: number;
  /** S^ of the fit to the expected counts there, without fluctuations of toys. */
  readonly expected: number | null;
  /** A power of the mass that is nowhere below |mean S^|, as a formula of the card; null for fewer than 3 masses above 0. */
  readonly envelope: string | null;
}

/** Content of bias.json. */
export interface BiasResult {
  readonly schema: 'darkscan/bias/1';
  readonly card: string;
  /** Name of the card whose fits toys are thrown from; null: its own. */
  readonly truth: string | null;
  /** The background: that of all fits, stitched in mass, or of every hypothesis its own. */
  readonly thrown_from: 'stitched' | 'own';
  readonly seed: number;
  /** Per hypothesis and strength. */
  readonly n_toys: number;
  readonly n_hypotheses: number;
  /** Reason -> hypotheses that were chosen and have no toys. */
  readonly left_out: Readonly<Record<string, number>>;
  readonly overall: readonly BiasOverall[];
  /** Where toys come from another card. */
  readonly spurious: readonly SpuriousSize[] | null;
  readonly warnings: readonly string[];
  readonly rows: readonly BiasRow[];
}
