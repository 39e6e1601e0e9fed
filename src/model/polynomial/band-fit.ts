/** Poisson data of the bins beside one window, and the polynomial of which the window's background is the integral. */

/** What a polynomial is fitted to. */
export interface BandFit {
  readonly degree: number;
  /** [nBins][2] low and high edge. */
  readonly edges: Float64Array;
  /** [nBins] events. */
  readonly counts: Uint32Array;
  /** The window: low and high edge. */
  readonly window: readonly [number, number];
  /**
   * Expected events of a bin: `integral` of the polynomial over it (without it), or its value at the `centre` times the
   * width. The window always gets the integral.
   */
  readonly binContent?: 'integral' | 'centre';
}
