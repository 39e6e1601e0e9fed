/** Where a key leads in a list of rows. */

/**
 * The row that a key leads to from row `from`; undefined for other keys, and where there is no row. A row that is not in
 * the list, or none, starts at the first one.
 * @param page rows that a page key moves by
 */
export function moved(rows: Uint32Array, from: number | undefined, key: string, page: number): number | undefined {
  const last = rows.length - 1;
  const at = from === undefined ? -1 : rows.indexOf(from);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: last,
  };
  if (!Object.hasOwn(steps, key) || last < 0) return undefined;
  if (at < 0 && key !== 'End') return rows[0];
  return rows[Math.max(0, Math.min(last, steps[key]))];
}
