/**
 * Everything the figures of a spectrum scan need besides its table, as plain JSON: `darkscan plot RUN` draws the same
 * figures again from the table and this, without the data.
 */
import { DarkscanError } from '../../errors.ts';
import { numbersOf } from '../../model/result.ts';
import type { CouplingLabel, LimitGroup, PlotLabels, ResultTable } from '../../model/result.ts';
import type { FigureFit, FigureSpectrum } from '../../model/spectrum/spectrum-result.ts';

export type { FigureFit, FigureSpectrum };

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

/** Row of the table of a fit; error `data` when it has none. */
export function rowOf(table: ResultTable, { id }: FigureFit): number {
  const row = numbersOf(table, 'id').indexOf(id);
  if (row >= 0) return row;
  const found = `plots: a fit of hypothesis ${id}, which is not among the ${table.rowCount} of the table`;
  throw new DarkscanError('data', `${found}; run the scan again`);
}
