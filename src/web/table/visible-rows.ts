/**
 * Which rows of a long table are in view: only those are elements. Browsers end boxes at some ten million pixels; a
 * table that needs more scrolls faster than it is drawn.
 */

/** px; as in table.css. */
export const ROW_HEIGHT = 26;
const MOST_HEIGHT = 8_000_000;
/** Rows drawn beyond each edge. */
const SPARE = 8;

export interface VisibleRows {
  /** Rows [first, last). */
  readonly first: number;
  readonly last: number;
  /** Heights of what stands for the rows before and after, px. */
  readonly before: number;
  readonly after: number;
}

/** @param viewHeight px of the rows in view, without the head */
export function visibleRows(nRows: number, scrollTop: number, viewHeight: number): VisibleRows {
  const { height, stretch } = sizes(nRows, viewHeight);
  const top = Math.min(scrollTop, Math.max(0, height - viewHeight)) * stretch;
  const atTop = Math.floor(top / ROW_HEIGHT);
  const first = Math.max(0, Math.min(atTop, nRows) - SPARE);
  const last = Math.min(nRows, atTop + Math.ceil(viewHeight / ROW_HEIGHT) + 1 + SPARE);
  const before = Math.max(0, scrollTop + first * ROW_HEIGHT - top);
  return { first, last, before, after: Math.max(0, height - before - (last - first) * ROW_HEIGHT) };
}

/** Where to scroll so that a row is in view; `scrollTop` itself where it is. */
export function scrollTo(row: number, nRows: number, scrollTop: number, viewHeight: number): number {
  const { stretch } = sizes(nRows, viewHeight);
  const top = scrollTop * stretch;
  const at = row * ROW_HEIGHT;
  if (at < top) return at / stretch;
  if (at + ROW_HEIGHT > top + viewHeight) return (at + ROW_HEIGHT - viewHeight) / stretch;
  return scrollTop;
}

/** Height of the box of all rows, and px of the table per px scrolled. */
function sizes(nRows: number, viewHeight: number): { height: number; stretch: number } {
  const needed = nRows * ROW_HEIGHT;
  const height = Math.min(needed, MOST_HEIGHT);
  const stretch = height < needed ? (needed - viewHeight) / (height - viewHeight) : 1;
  return { height, stretch };
}
