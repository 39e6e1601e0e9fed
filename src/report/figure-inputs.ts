/**
 * Everything the figures of a run need besides its table, as plain JSON: `darkscan plot RUN` draws the same figures
 * again from windows.parquet and this, without the data.
 */
import type {
  CouplingLabel,
  ExpectedZ,
  LimitGroup,
  P0Group,
  PlotLabels,
  ResultTable,
  ScanResult,
} from '../model/result.ts';
import { pictureEvents } from './event-picture.ts';
import type { EventPicture } from './event-picture.ts';
import { viewOf, windowsOfTable } from '../model/windows-of-table.ts';

export interface FigureInputs {
  readonly table: ResultTable;
  readonly labels: PlotLabels;
  readonly p0Method: string;
  /** The p0 methods beside the first. */
  readonly otherP0?: readonly P0Group[];
  readonly limitGroups: readonly LimitGroup[];
  readonly couplings: readonly CouplingLabel[];
  readonly expectedZ?: ExpectedZ;
  readonly events: EventPicture;
}

type StoredInputs = Omit<FigureInputs, 'table' | 'expectedZ'> & {
  readonly schema: 'darkscan/figures/1';
  readonly expectedZ?: { readonly edges: number[]; readonly expected: number[]; readonly expectedAtOne: number };
};

export function figureInputs(result: ScanResult): FigureInputs {
  const { table, labels, limitGroups, couplings, expectedZ, summary } = result;
  const events = pictureEvents(result.events, viewOf(windowsOfTable(table)));
  const { p0Method } = summary;
  return { table, labels, p0Method, otherP0: result.p0Groups?.slice(1), limitGroups, couplings, expectedZ, events };
}

/** Plain data for plots/figures.json. */
export function storeFigureInputs(inputs: FigureInputs): StoredInputs {
  const { labels, p0Method, otherP0 = [], limitGroups, couplings, events, expectedZ } = inputs;
  const arrays = expectedZ && { ...expectedZ, edges: [...expectedZ.edges], expected: [...expectedZ.expected] };
  return {
    schema: 'darkscan/figures/1',
    labels,
    p0Method,
    ...(otherP0.length > 0 ? { otherP0 } : {}),
    limitGroups,
    couplings,
    events,
    ...(arrays === undefined ? {} : { expectedZ: arrays }),
  };
}

/** Inverse of storeFigureInputs, given the table of the same run. */
export function restoreFigureInputs(stored: StoredInputs, table: ResultTable): FigureInputs {
  const { labels, p0Method, otherP0, limitGroups, couplings, events, expectedZ } = stored;
  const arrays = expectedZ && {
    ...expectedZ,
    edges: Float64Array.from(expectedZ.edges),
    expected: Float64Array.from(expectedZ.expected),
  };
  return { table, labels, p0Method, otherP0, limitGroups, couplings, events, expectedZ: arrays };
}
