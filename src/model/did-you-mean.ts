/** The nearest allowed word to a mistyped one, for error messages. */

/** Edit distance with insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}

/**
 * The nearest of `allowed` within a third of its length (at least 1 edit), ignoring case; else undefined. Words without
 * a letter in common are never near.
 */
export function nearestWord(word: string, allowed: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of allowed) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const limit = Math.min(Math.max(1, candidate.length / 3), Math.max(word.length, candidate.length) - 1);
    if (distance < bestDistance && distance <= limit) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** "; did you mean 'step'? <rest>", or "; <rest>" when nothing is near, or an empty text when there is no rest either. */
export function didYouMean(word: string, allowed: Iterable<string>, rest = ''): string {
  const nearest = nearestWord(word, allowed);
  if (nearest === undefined) return rest === '' ? '' : `; ${rest}`;
  return `; did you mean '${nearest}'?${rest === '' ? '' : ` ${rest}`}`;
}
