/** What summary.json says about a finished scan. */
import type { BackendInfo } from '../engine/backend.ts';
import type { Coverage } from '../model/coverage.ts';
import type { BestWindow, LimitGroup, ResultTable, Summary } from '../model/result.ts';
import { topWindows } from '../model/top-windows.ts';
import type { ScanBounds } from './attainable.ts';
import type { WindowNumbers } from './evaluate-windows.ts';
import { limitSummary } from './limit-columns.ts';
import type { PreparedScan } from './prepare.ts';

const BEST_LISTED = 10;

export interface SummaryInputs {
  readonly prepared: PreparedScan;
  readonly numbers: WindowNumbers;
  readonly table: ResultTable;
  readonly bounds: ScanBounds | undefined;
  readonly groups: readonly LimitGroup[];
  readonly backend: BackendInfo;
  readonly warnings: readonly string[];
  readonly elapsedMs: number;
}

export function summarise({
  prepared,
  numbers,
  table,
  bounds,
  groups,
  backend,
  warnings,
  elapsedMs,
}: SummaryInputs): Summary {
  const { card, windows } = prepared;
  const status: Record<string, number> = {};
  for (const s of numbers.status) status[s] = (status[s] ?? 0) + 1;
  const quantity = (axis: { column: string; label?: string; unit?: string }) => ({
    label: axis.label ?? axis.column,
    unit: axis.unit ?? '',
  });
  const { recheck } = numbers;
  return {
    schema: 'darkscan/summary/1',
    card: card.name,
    title: card.title ?? card.name,
    nWindows: windows.count,
    rows: prepared.rows,
    x: quantity(card.x),
    ...(card.y ? { y: quantity(card.y) } : {}),
    p0Method: [card.statistics.p0].flat()[0],
    best: bestWindows(prepared, numbers, table),
    global: bounds ? { sidak: bounds.sidak, bonferroni: bounds.bonferroni } : null,
    status,
    blindWindows: status.blind ?? 0,
    limits: groups.map((group, i) => limitSummary(group, numbers.limits[i], card.signal.poi.unit)),
    backend: { kind: backend.kind, description: backend.description, precision: backend.precision },
    ...(backend.precision === 'f32' || recheck.checked > 0
      ? {
          recheck: {
            nChecked: recheck.checked,
            nNeeded: recheck.neededWindows.size,
            maxDeltaZ: recheck.maxDeltaZ,
            maxRelLimit: recheck.maxRelativeLimit,
          },
        }
      : {}),
    ...(prepared.coverage ? { coverage: coverageSummary(prepared.coverage) } : {}),
    warnings,
    elapsedMs,
  };
}

function coverageSummary({ atCentre, atCorner, atWorst }: Coverage): Summary['coverage'] {
  return { atCentre, atCorner, atWorst };
}

/** Windows with the largest Z, ties by number. */
export function rankedWindows(numbers: WindowNumbers): number[] {
  const { z } = numbers.p0[0];
  return Array.from(z.keys())
    .filter((w) => !Number.isNaN(z[w]))
    .sort((a, b) => z[b] - z[a] || a - b);
}

/** One window per excess: those that overlap a better one are left out. */
function bestWindows({ card, windows, model }: PreparedScan, numbers: WindowNumbers, table: ResultTable): BestWindow[] {
  const others = [card.statistics.p0].flat().slice(1);
  const orNull = (value: number | undefined) => (value === undefined || !Number.isFinite(value) ? null : value);
  return topWindows(table, BEST_LISTED, -Infinity).map((w) => ({
    id: w,
    x: windows.x[w],
    ...(windows.kind === 'ellipses' ? { y: windows.y[w] } : {}),
    n: model.n[w],
    bkg: numbers.bkg[w],
    bkgErr: orNull(numbers.bkgErr[w]),
    lnP0: orNull(numbers.p0[0].lnP[w]),
    z: orNull(numbers.p0[0].z[w]),
    ...(others.length > 0
      ? {
          otherP0: others.map((method, i) => ({
            method,
            lnP0: orNull(numbers.p0[i + 1].lnP[w]),
            z: orNull(numbers.p0[i + 1].z[w]),
          })),
        }
      : {}),
    limitObs: orNull(numbers.limits[0]?.observed[w]),
    status: numbers.status[w],
  }));
}
