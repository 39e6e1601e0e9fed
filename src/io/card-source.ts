/**
 * Text of a card -> plain value, with the line and column of everything in it. YAML 1.2; JSON is part of it.
 * Warnings (unknown tags, ...) are errors; so are duplicate keys, several documents and alias bombs.
 */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { DarkscanError } from '../errors.ts';
import type { CardPath } from './card-path.ts';

/** Longest card read, in characters: a card is written by hand. */
export const MAX_CARD_LENGTH = 1_000_000;
const MAX_ALIASES = 100;

export interface CardSource {
  readonly name: string;
  readonly value: unknown;
  /** "card.yaml:12:3" for a value, or for its key. The nearest enclosing value when there is nothing at `path`. */
  position(path: CardPath, atKey?: boolean): string;
}

/** Parses YAML or JSON. Errors (kind card) list all problems, one line each, with line and column. */
export function readCardSource(text: string, name: string): CardSource {
  if (text.length > MAX_CARD_LENGTH) {
    const message = `${name}: has ${text.length} characters, at most ${MAX_CARD_LENGTH} are read; is it a card?`;
    throw new DarkscanError('card', message);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, strict: true });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    const told = problems.map(({ pos, message }) => `${at(pos[0])}: ${message.split('\n')[0].toLowerCase()}`);
    throw new DarkscanError('card', told.join('\n'));
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    const message = `${name}: uses aliases (*name) more than ${MAX_ALIASES} times in all; write the values out`;
    throw new DarkscanError('card', message, { cause });
  }
  if (value === null || value === undefined) throw new DarkscanError('card', `${name}: is empty, expected a card`);
  return { name, value, position: (path, atKey) => at(offsetOf(document, path, atKey === true)) };
}

function offsetOf(document: Document, path: CardPath, atKey: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [i, part] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) return offset;
      const isLast = i === path.length - 1;
      if (isLast && atKey) return startOf(pair.key);
      node = pair.value;
      offset = isNode(node) && node.range ? node.range[0] : startOf(pair.key);
    } else if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
      node = node.items[part];
      offset = startOf(node);
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number {
  return isNode(node) ? ((node as Node).range?.[0] ?? 0) : 0;
}
