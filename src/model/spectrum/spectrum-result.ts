/** What a scan of sliding-range fits hands to writers and plots; shapes only. */
import type {
  CouplingLabel,
  GlobalToys,
  LimitGroup,
  LimitSummary,
  PlotLabels,
  Provenance,
  QuantityLabel,
  ResultTable,
  RowCounts,
  Significance,
} from '../result.ts';

export interface BestHypothesis {
  readonly id: number;
  /** Absent where the card has one spectrum. */
  readonly spectrum?: string;
  readonly mass: number;
  readonly sigma: number;
  readonly sHat: number;
  readonly sErr: number | null;
  /** Background in the position +- 2 widths of the signal. */
  readonly bHat: number;
  readonly lnP0: number;
  readonly z: number;
  readonly pFit: number;
  /** Of the first limit of the card. */
  readonly limitObs?: number | null;
  readonly status: string;
}

export interface SpectrumOfSummary {
  readonly name: string;
  readonly x: QuantityLabel;
  readonly nBins: number;
  readonly nHypotheses: number;
  readonly rows: RowCounts;
}

/** Content of summary.json. */
export interface SpectrumSummary {
  readonly schema: 'darkscan/spectrum-summary/1';
  readonly card: string;
  readonly title: string;
  readonly nHypotheses: number;
  readonly spectra: readonly SpectrumOfSummary[];
  readonly mass: QuantityLabel;
  /** Most significant first, one per excess; ties by id. */
  readonly best: readonly BestHypothesis[];
  /** Of the best hypothesis over the whole scan; null when none has an excess. */
  readonly global: {
    /** As if all hypotheses were independent; and the sum of their p0. */
    readonly sidak: Significance;
    readonly bonferroni: Significance;
    readonly toys?: GlobalToys;
  } | null;
  /** Status -> hypotheses. */
  readonly status: Readonly<Record<string, number>>;
  /** Absent in older runs, which have none; as below. */
  readonly blindHypotheses?: number;
  readonly limits: readonly LimitSummary[];
  readonly warnings: readonly string[];
  readonly elapsedMs: number;
}

/** One spectrum of the card; all arrays [nBins], ascending in its variable. */
export interface FigureSpectrum {
  /** As in column `spectrum` of the table, where it has one. */
  readonly name: string;
  /** Of the variable: "M_{#gamma#gamma}", "GeV" (ROOT-like). */
  readonly label: string;
  readonly unit: string;
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** null under the signals of blind hypotheses. */
  readonly counts: readonly (number | null)[];
  /** Expected events of the stitched background; null where no hypothesis says. */
  readonly background: readonly (number | null)[];
  /** Vetoed regions. */
  readonly excluded: readonly (readonly [low: number, high: number])[];
  /** Regions under the signals of blind hypotheses. */
  readonly blind?: readonly (readonly [low: number, high: number])[];
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

/** One finished scan of sliding-range fits. */
export interface SpectrumScanResult {
  readonly name: string;
  readonly table: ResultTable;
  /** `labels.x` is that of column `mass`. */
  readonly labels: PlotLabels;
  /** How p0 comes from q0. */
  readonly p0Method: string;
  readonly limitGroups: readonly LimitGroup[];
  readonly couplings: readonly CouplingLabel[];
  readonly spectra: readonly FigureSpectrum[];
  /** Of the most significant hypotheses, best first. */
  readonly fits: readonly FigureFit[];
  readonly summary: SpectrumSummary;
  readonly provenance: Provenance;
  /** The card as used, with comments where it was YAML. */
  readonly cardText: string;
}
