/** One window or hypothesis of the last scan in full, as the page shows it. */
import { DarkscanError } from '../../errors.ts';
import { quadraticForm } from '../../model/ellipse.ts';
import type { PlotEvents } from '../../model/result.ts';
import type { WindowSet } from '../../model/windows.ts';
import { explainWindow, type WindowExplanation } from '../../scan/explain-window.ts';
import { pickWindows } from '../../scan/pick-windows.ts';
import { posteriorCurve, type PosteriorCurve } from '../../scan/posterior-curve.ts';
import { explainHypothesis, type HypothesisExplanation } from '../../scan/spectrum/explain-hypothesis.ts';
import { largestPoiMax } from '../../scan/statistics.ts';
import { statisticsOf } from '../../scan/window-scan.ts';
import type { Kept, KeptWindows } from './kept.ts';

/** Events inside a window; those of blind regions are not among them. */
export interface EventsInside {
  readonly count: number;
  /** The first of them, in the order of the file. */
  readonly x: readonly number[];
  /** Empty in 1D. */
  readonly y: readonly number[];
}

export interface WindowDetail extends WindowExplanation {
  readonly kind: 'window';
  readonly events: EventsInside;
  /** Absent where blind, and where there is no signal to limit. */
  readonly posterior?: PosteriorCurve;
}

export interface HypothesisDetail extends HypothesisExplanation {
  readonly kind: 'hypothesis';
}

export type Detail = WindowDetail | HypothesisDetail;

/** Events handed to the page; more are only counted. */
const MOST_EVENTS = 50;

/** @param id row of the table */
export async function explainKept(kept: Kept, id: number): Promise<Detail> {
  const { rowCount } = kept.result.table;
  if (!(id >= 0 && id < rowCount)) {
    throw new DarkscanError('internal', `internal: found row ${id}, the last scan has 0 to ${rowCount - 1}`);
  }
  if (kept.kind === 'spectrum') return { kind: 'hypothesis', ...(await explainHypothesis(kept.prepared, id)) };
  const explanation = await explainWindow(kept.prepared, id);
  return { kind: 'window', ...explanation, ...lookInside(kept, id, explanation) };
}

/** What only windows that are not blind show. */
function lookInside(
  { prepared: { windows, blind, model, card }, result }: KeptWindows,
  id: number,
  { status }: WindowExplanation,
): Pick<WindowDetail, 'events' | 'posterior'> {
  if (blind[id] === 1) return { events: { count: 0, x: [], y: [] } };
  const events = eventsInside(result.events, windows, id);
  if (status === 'bad-background' || status === 'not-converged') return { events };
  return { events, posterior: posteriorCurve(pickWindows(model, [id]), largestPoiMax(statisticsOf(card))) };
}

/** By the inside test of the counts. */
function eventsInside({ x, y }: PlotEvents, windows: WindowSet, i: number): EventsInside {
  const [qxx, qxy, qyy] = [windows.qxx[i], windows.qxy[i], windows.qyy[i]];
  const first: number[] = [];
  let count = 0;
  for (let j = 0; j < x.length; j++) {
    const dy = y === undefined ? 0 : y[j] - windows.y[i];
    if (!(quadraticForm(qxx, qxy, qyy, x[j] - windows.x[i], dy) <= 1)) continue;
    if (count++ < MOST_EVENTS) first.push(j);
  }
  return { count, x: first.map((j) => x[j]), y: y === undefined ? [] : first.map((j) => y[j]) };
}
