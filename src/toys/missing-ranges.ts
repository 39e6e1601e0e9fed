/** Which toys of a wanted range are still to be thrown, in pieces of a shard each. */

/**
 * @param done ranges [from, to) that exist, in any order, possibly outside of the wanted one
 * @param size toys in a piece at most
 */
export function missingRanges(
  from: number,
  to: number,
  done: readonly { readonly from: number; readonly to: number }[],
  size: number,
): [number, number][] {
  const pieces: [number, number][] = [];
  const sorted = [...done].sort((a, b) => a.from - b.from);
  const cut = (start: number, end: number) => {
    for (let at = start; at < end; at += size) pieces.push([at, Math.min(end, at + size)]);
  };
  let at = from;
  for (const range of sorted) {
    if (range.to <= at) continue;
    if (range.from >= to) break;
    if (range.from > at) cut(at, range.from);
    at = range.to;
  }
  if (at < to) cut(at, to);
  return pieces;
}
