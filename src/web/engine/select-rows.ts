/** Which rows of a data file a selection keeps, and where they lie: asked before the card is changed. */
import { readEvents, type EventSelection } from '../../io/events.ts';
import type { LoadedFile } from '../../io/file-source.ts';
import { EMPTY_SCOPE, makeScope } from '../../model/expression.ts';
import type { AnyCard } from '../../model/card.ts';
import type { RowCounts } from '../../model/result.ts';
import { quantile, sortNumbers } from '../../report/numbers.ts';
import { loadFile } from './page-files.ts';

/** What formulas of the card may use. */
export type Formulas = Pick<AnyCard, 'constants' | 'functions'>;

export interface SelectedRows {
  readonly rows: RowCounts;
  /** Where nearly all rows kept lie; absent where none is kept. */
  readonly x?: readonly [low: number, high: number];
  readonly y?: readonly [low: number, high: number];
}

/** Fraction of the rows left out at either end: stray values would stretch the range over nothing. */
const STRAY = 0.002;
/** Rows looked at for the range. */
const SAMPLED = 200_000;

/** Errors: kind data (file), kind card (a condition that does not compile). */
export async function selectRows(file: File, selection: EventSelection, formulas?: Formulas): Promise<SelectedRows> {
  return selectRowsOf(await loadFile(file, file.name, 'data'), selection, formulas);
}

export async function selectRowsOf(
  file: LoadedFile,
  selection: EventSelection,
  formulas?: Formulas,
): Promise<SelectedRows> {
  const scope = formulas === undefined ? EMPTY_SCOPE : makeScope(formulas);
  const { rows, x, y } = await readEvents(file, selection, scope, 'data');
  return { rows, x: coreOf(x), y: y && coreOf(y) };
}

function coreOf(values: Float64Array): readonly [number, number] | undefined {
  if (values.length === 0) return undefined;
  const every = Math.ceil(values.length / SAMPLED);
  const sorted = sortNumbers(values.filter((_, i) => i % every === 0));
  return [quantile(sorted, STRAY), quantile(sorted, 1 - STRAY)];
}
