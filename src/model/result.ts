/**
 * What a scan hands to writers and plots: one table with a row per window, the events it counted, and a summary.
 * Shapes only, no logic beyond looking up a column. Nothing here is a NaN for the reader: NaN in an f64 column is
 * how memory says "null", and every file format writes it as null (JSON), an empty field (CSV) or a null (Parquet).
 */
import { DarkscanError } from '../errors.ts';

interface ColumnHead {
  readonly name: string;
  readonly unit?: string;
  /** One sentence for people: the meaning of the number, its method and its level. */
  readonly description: string;
}

/** Real numbers; NaN means null. Infinities are not allowed in a finished table. */
export interface RealColumn extends ColumnHead {
  readonly type: 'f64';
  readonly values: Float64Array;
}

/** Counts and identifiers, never null. */
export interface IntegerColumn extends ColumnHead {
  readonly type: 'i32';
  readonly values: Int32Array;
}

/** Text such as the status of a window, never null. */
export interface TextColumn extends ColumnHead {
  readonly type: 'string';
  readonly values: readonly string[];
}

export type ResultColumn = RealColumn | IntegerColumn | TextColumn;

export interface ResultTable {
  readonly rowCount: number;
  readonly columns: readonly ResultColumn[];
}

/** Column by name, or undefined. */
export function findColumn(table: ResultTable, name: string): ResultColumn | undefined {
  return table.columns.find((column) => column.name === name);
}

/** Numbers of a column (f64 or i32); error `internal` when the table has no such column or it holds text. */
export function numbersOf(table: ResultTable, name: string): Float64Array | Int32Array {
  const column = findColumn(table, name);
  if (column === undefined || column.type === 'string') {
    const names = table.columns.map((c) => c.name).join(', ');
    throw new DarkscanError('internal', `table: no numeric column '${name}', it has ${names}`);
  }
  return column.values;
}

/** The five expected quantiles, lowest limit first; p2 is n fluctuated UP, so its limit is the weakest. */
export const EXPECTED_QUANTILES = ['m2', 'm1', '0', 'p1', 'p2'] as const;
export type ExpectedQuantile = (typeof EXPECTED_QUANTILES)[number];

/** One p0 method of the scan and where its columns are: p0<suffix>, ln_p0<suffix>, z<suffix>. */
export interface P0Group {
  readonly method: string;
  /** '' for the first one, else '_' + method. */
  readonly suffix: string;
}

/** One limit method of the scan and where its columns are: limit_obs<suffix>, limit_exp_m2<suffix>, ... */
export interface LimitGroup {
  readonly method: string;
  /** '' when the scan has one method, else '_' + method. */
  readonly suffix: string;
  /** How plots and text say it: "90 % credibility, bayes". */
  readonly levelLabel: string;
}

/** Name of a limit column: limitColumn('obs', ''), limitColumn('0', '_bayes'). */
export function limitColumn(what: 'obs' | ExpectedQuantile, suffix: string): string {
  return what === 'obs' ? `limit_obs${suffix}` : `limit_exp_${what}${suffix}`;
}

/** A quantity with its ROOT-like label ("M_{#mu#mu}") and unit ("GeV/c^{2}", empty for none). */
export interface QuantityLabel {
  readonly label: string;
  readonly unit: string;
}

/** Words on the plots, all from the card. */
export interface PlotLabels {
  readonly title: string;
  /** Top left: "Belle-II-like simulation". */
  readonly experiment: string;
  /** Top right: "#sqrt{s} = 10.58 GeV, 8.34 fb^{-1}". */
  readonly conditions: string;
  readonly x: QuantityLabel;
  /** Absent for 1D scans. */
  readonly y?: QuantityLabel;
  readonly poi: QuantityLabel;
}

/** Events as counted; y absent in 1D. Plots only read them. */
export interface PlotEvents {
  readonly x: Float64Array;
  readonly y?: Float64Array;
}

/** Windows expected per bin of Z from the exact discrete distributions (sum over windows of P(Z in bin | b)). */
export interface ExpectedZ {
  /** [nBins + 1] ascending. */
  readonly edges: Float64Array;
  /** [nBins] */
  readonly expected: Float64Array;
  /** Expected number of windows with p0 exactly 1 (z null). */
  readonly expectedAtOne: number;
}

/** A limit on a derived coupling: columns <name>_obs and <name>_exp_0. */
export interface CouplingLabel {
  readonly name: string;
  readonly label: string;
}

export interface BestWindow {
  readonly id: number;
  readonly x: number;
  readonly y?: number;
  readonly n: number;
  readonly bkg: number;
  readonly bkgErr: number | null;
  readonly lnP0: number | null;
  readonly z: number | null;
  /** The same by the other p0 methods of the card, in its order; absent where there is one method. */
  readonly otherP0?: readonly { readonly method: string; readonly lnP0: number | null; readonly z: number | null }[];
  /** Of the first limit of the card. */
  readonly limitObs?: number | null;
  readonly status: string;
}

/** A probability carried as its logarithm, with the one-sided Z it corresponds to (null where p = 1). */
export interface Significance {
  readonly lnP: number;
  readonly z: number | null;
}

/** Global p-value from toys, its 68.27 % interval; the best window is that of a count by cells, as in the toys. */
export interface GlobalToys {
  readonly ensemble: string;
  readonly nToys: number;
  readonly nExceedances: number;
  readonly zLocal: number | null;
  readonly p: number;
  readonly low: number;
  readonly high: number;
  readonly z: number | null;
  readonly trialsFactor: number | null;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** One limit group over the windows that have it; null where none has. */
export interface LimitSummary {
  readonly method: string;
  readonly levelLabel: string;
  readonly unit: string;
  /** Null for blind scans. */
  readonly observed: Spread | null;
  /** For each quantile: smallest, median and largest over windows. */
  readonly expected: Readonly<Record<ExpectedQuantile, Spread | null>>;
}

export interface RowCounts {
  readonly read: number;
  readonly used: number;
  /** Reason -> rows. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** Content of summary.json. */
export interface Summary {
  readonly schema: 'darkscan/summary/1';
  readonly card: string;
  readonly title: string;
  readonly nWindows: number;
  readonly rows: RowCounts;
  readonly x: QuantityLabel;
  readonly y?: QuantityLabel;
  readonly p0Method: string;
  /** Most significant first; ties by id. */
  readonly best: readonly BestWindow[];
  /** Of the best window over the whole scan; null when no window has a p0 (all blind). */
  readonly global: {
    readonly sidak: Significance;
    readonly bonferroni: Significance;
    /** With --global; more of it in toys.json. */
    readonly toys?: GlobalToys;
  } | null;
  /** Status -> windows; 'ok' included. */
  readonly status: Readonly<Record<string, number>>;
  readonly blindWindows: number;
  readonly limits: readonly LimitSummary[];
  readonly backend: { readonly kind: string; readonly description: string; readonly precision: string };
  /** Windows recomputed in f64 and the largest differences met; absent on the CPU path. */
  readonly recheck?: {
    readonly nChecked: number;
    readonly nNeeded: number;
    readonly maxDeltaZ: number;
    readonly maxRelLimit: number;
  };
  /** Share of a signal inside the window that holds it best (coverage.ts); absent where windows have no resolution. */
  readonly coverage?: { readonly atCentre: number; readonly atCorner: number; readonly atWorst: number };
  readonly warnings: readonly string[];
  readonly elapsedMs: number;
}

/** Everything run.json keeps; the scan decides the content, writers only require that it is JSON. */
export type Provenance = Readonly<Record<string, unknown>>;

/** One finished scan. */
export interface ScanResult {
  readonly name: string;
  readonly table: ResultTable;
  readonly labels: PlotLabels;
  readonly events: PlotEvents;
  /** All p0 methods, the first one ranks; absent in runs of version 0.1, which have one. */
  readonly p0Groups?: readonly P0Group[];
  readonly limitGroups: readonly LimitGroup[];
  readonly couplings: readonly CouplingLabel[];
  readonly expectedZ?: ExpectedZ;
  readonly summary: Summary;
  readonly provenance: Provenance;
  /** The card as used, with comments where it was YAML. */
  readonly cardText: string;
}
