/**
 * Everything the figures of a spectrum scan need besides its table, as plain JSON: `darkscan plot RUN` draws the same
 * figures again from the table and this, without the data.
 */
import type { CouplingLabel, LimitGroup, PlotLabels, ResultTable } from '../../model/result.ts';

/** One spectrum of the card; all arrays [nBins], ascending in its variable. */
export interface FigureSpectrum {
  /** As in column `spectrum` of the table, where it has one. */
  readonly name: string;
  /** Of the variable: "M_{#gamma#gamma}", "GeV" (ROOT-like). */
  readonly label: string;
  readonly unit: string;
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly counts: readonly number[];
  /** Expected events of the stitched background; null where no hypothesis says. */
  readonly background: readonly (number | null)[];
  /** Vetoed regions. */
  readonly excluded: readonly (readonly [low: number, high: number])[];
}

/** The two fits of one hypothesis; expected events per bin, arrays [nBins of the range] (scan/spectrum/fit-curves.ts). */
export interface FigureFit {
  /** Of the hypothesis, as in column `id` of the table. */
  readonly id: number;
  /** Index in `spectra`, and bins of that spectrum, ascending. */
  readonly spectrum: number;
  readonly bins: readonly number[];
  /** The fit without signal. */
  readonly background: readonly number[];
  /** The fit with signal, and its background part. */
  readonly signalPlusBackground: readonly number[];
  readonly backgroundOfFull: readonly number[];
  /** Bins minus parameters of the fit with signal (SpectrumResult.dof). */
  readonly dof: number;
}

export interface SpectrumFigureInputs {
  readonly table: ResultTable;
  /** `labels.x` is that of column `mass`. */
  readonly labels: PlotLabels;
  /** "asymptotic": how p0 comes from q0. */
  readonly p0Method: string;
  readonly limitGroups: readonly LimitGroup[];
  readonly couplings: readonly CouplingLabel[];
  readonly spectra: readonly FigureSpectrum[];
  /** Of the hypotheses to point at, best first (model/spectrum/top-hypotheses.ts). */
  readonly fits: readonly FigureFit[];
}

/** Content of plots/figures.json. */
export type StoredSpectrumFigures = Omit<SpectrumFigureInputs, 'table'> & {
  readonly schema: 'darkscan/spectrum-figures/1';
};

export function storeSpectrumFigures(inputs: SpectrumFigureInputs): StoredSpectrumFigures {
  const { labels, p0Method, limitGroups, couplings, spectra, fits } = inputs;
  return { schema: 'darkscan/spectrum-figures/1', labels, p0Method, limitGroups, couplings, spectra, fits };
}

/** Inverse of storeSpectrumFigures, given the table of the same run. */
export function restoreSpectrumFigures(stored: StoredSpectrumFigures, table: ResultTable): SpectrumFigureInputs {
  const { labels, p0Method, limitGroups, couplings, spectra, fits } = stored;
  return { table, labels, p0Method, limitGroups, couplings, spectra, fits };
}
