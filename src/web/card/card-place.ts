/**
 * Where the cursor is in a card, told from the text before it alone: a card that is being written is no valid YAML.
 * Keys of blocks by their columns, keys in braces by the braces that are open.
 */

export interface CardPlace {
  /** Keys from the top to the block that the cursor is in; lists do not count. */
  readonly path: readonly string[];
  /** A key is written here, or the value of this one. */
  readonly choiceOf?: string;
  /** What is written of it so far. */
  readonly word: string;
}

const LINE = /^(\s*)((?:- +)*)([\w.]*|'[^']*'|"[^"]*")\s*:(?:\s|$)/;

/** Undefined in comments, and where neither a key nor a plain value is written. */
export function placeOf(before: string): CardPlace | undefined {
  const lines = before.split('\n');
  const line = lines.pop()!;
  const open = openBraces(line);
  if (open === undefined) return undefined;
  const start = open.length === 0 ? line : line.slice(0, open[0]);
  const block = /^(\s*)((?:- +)*)(?:([\w.]+)\s*:(\s+))?([\w-]*)$/.exec(start);
  if (block === null) return undefined;
  const [, indent, dashes, key, gap, word] = block;
  const path = parents(lines, indent.length + dashes.length, dashes.length > 0 ? indent.length : undefined);
  if (open.length === 0) return key === undefined ? { path, word } : gap ? { path, choiceOf: key, word } : undefined;
  if (word !== '') return undefined;
  return inBraces(line, open, key === undefined ? path : [...path, key]);
}

function inBraces(line: string, open: readonly number[], path: readonly string[]): CardPlace | undefined {
  let outer = path;
  for (const [i, at] of open.entries()) {
    const part = line.slice(at + 1, open[i + 1]);
    // what comes before the last comma is another key
    const [, key, word] = /(?:^|,)\s*(?:([\w.]+)\s*:\s+)?([\w-]*)$/.exec(part.replace(/\{[^{}]*\}/g, '')) ?? [];
    if (word === undefined) return undefined;
    if (i === open.length - 1) return key === undefined ? { path: outer, word } : { path: outer, choiceOf: key, word };
    if (key !== undefined) outer = [...outer, key];
  }
  return undefined;
}

/** Positions of the braces that are not closed; undefined inside a comment or a text in quotes. */
function openBraces(line: string): number[] | undefined {
  const open: number[] = [];
  let quote = '';
  for (const [i, letter] of [...line].entries()) {
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '#' && (i === 0 || line[i - 1] === ' ')) return undefined;
    else if (letter === "'" || letter === '"') quote = letter;
    else if (letter === '{') open.push(i);
    else if (letter === '}') open.pop();
  }
  return quote === '' ? open : undefined;
}

/** Keys of the blocks around a key at `column`, whose list item (if it starts one) has its dash at `dash`. */
function parents(lines: readonly string[], column: number, dash: number | undefined): string[] {
  const path: string[] = [];
  // a list may stand in the column of its key
  let limit = dash === undefined ? column : dash + 0.5;
  for (const line of lines.toReversed()) {
    const found = LINE.exec(line);
    if (found === null) continue;
    const [, indent, dashes, key] = found;
    if (indent.length + dashes.length < limit) {
      path.unshift(key.replaceAll(/^['"]|['"]$/g, ''));
      limit = indent.length + dashes.length;
    }
    if (dashes.length > 0 && indent.length + dashes.length <= limit) limit = indent.length + 0.5;
  }
  return path;
}
