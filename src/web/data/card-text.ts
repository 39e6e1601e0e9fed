/**
 * Sets values in the text of a card and leaves every other character as it is. Writing the whole document anew would
 * lay it out anew; here yaml tells where a value stands, and that part of the text is replaced.
 */
import { isAlias, isMap, isScalar, parseDocument, stringify, type Document, type Pair, type YAMLMap } from 'yaml';
import { DarkscanError } from '../../errors.ts';
import { pathText, type CardPath } from '../../io/card-path.ts';

export type CardValue = string | number | boolean | readonly CardValue[] | { readonly [key: string]: CardValue };

export interface Placement {
  /** A new top-level key comes after this one; default: at the top of its block. */
  readonly after?: string;
  /** Above a new key. */
  readonly comment?: string;
}

/** The text with `value` at `path`, blocks on the way made where missing. Error (kind card): the text is no YAML. */
export function setInCard(text: string, path: CardPath, value: CardValue, placement: Placement = {}): string {
  const document = parseDocument(text, { prettyErrors: false });
  const [mistake] = document.errors;
  if (mistake !== undefined) {
    const reason = mistake.message.split('\n')[0].toLowerCase();
    throw new DarkscanError(
      'card',
      `the card is not readable (${reason}); correct its first problem, then use the file`,
    );
  }
  const [key, parents] = [String(path.at(-1)), path.slice(0, -1)];
  const block = blockAt(document, parents);
  if (block === undefined && parents.length > 0) return setInCard(text, parents, { [key]: value }, placement);
  if (block === undefined) {
    throw new DarkscanError('card', 'the card is not a block of keys; open an example, then use the file');
  }
  const pair = pairOf(block, key);
  const layout = layoutOf(block, text);
  if (pair === undefined) return withNewKey(text, block, key, value, layout, placement);
  const end = endOf(pair, text);
  return `${text.slice(0, startOf(pair.key).end)}:${asValue(value, layout)}${text.slice(end)}`;
}

/** Value of the card's text at a path as plain data; undefined where there is none, or no readable card. */
export function valueInCard(text: string, path: CardPath): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  const node: unknown = document.getIn(path, true);
  const resolved = isAlias(node) ? node.resolve(document) : node;
  return (resolved as { toJS?: (document: Document) => unknown } | undefined)?.toJS?.(document);
}

interface Layout {
  readonly isFlow: boolean;
  /** Quoted keys in braces: text stays JSON where it was. */
  readonly isJson: boolean;
  /** Columns before a key of a block. */
  readonly indent: string;
}

function withNewKey(
  text: string,
  block: YAMLMap,
  key: string,
  value: CardValue,
  layout: Layout,
  { after, comment }: Placement,
): string {
  if (layout.isFlow) {
    const at = block.range![0] + 1;
    const name = layout.isJson ? JSON.stringify(key) : key;
    const [before, behind] = layout.isJson ? ['', ''] : [' ', ' '];
    const tail = block.items.length > 0 ? `,${text.slice(at)}` : behind + text.slice(at).trimStart();
    return `${text.slice(0, at)}${before}${name}:${asValue(value, layout)}${tail}`;
  }
  const lines = [...(comment === undefined ? [] : [`# ${comment}`]), `${key}:${asValue(value, layout)}`];
  const neighbour = after === undefined ? undefined : pairOf(block, after);
  if (neighbour !== undefined) {
    const end = endOf(neighbour, text);
    const newline = text.indexOf('\n', end);
    const at = newline < 0 ? text.length : newline;
    return `${text.slice(0, at)}${lines.map((line) => `\n${layout.indent}${line}`).join('')}${text.slice(at)}`;
  }
  const at = startOf(block.items[0].key).start;
  return `${text.slice(0, at)}${lines.map((line) => `${line}\n${layout.indent}`).join('')}${text.slice(at)}`;
}

function blockAt(document: Document, path: CardPath): YAMLMap | undefined {
  const found: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  const node = isAlias(found) ? found.resolve(document) : found;
  if (isMap(node)) return node as YAMLMap;
  if (node === undefined || node === null || (isScalar(node) && node.value === null)) return undefined;
  throw new DarkscanError('card', `${pathText(path)} is not a block of keys; correct it, then use the file`);
}

function pairOf(block: YAMLMap, key: string): Pair | undefined {
  return block.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
}

function layoutOf(block: YAMLMap, text: string): Layout {
  const first = block.items[0]?.key;
  if (block.flow) return { isFlow: true, isJson: isScalar(first) && first.type === 'QUOTE_DOUBLE', indent: '' };
  const { start } = startOf(first);
  return { isFlow: false, isJson: false, indent: ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1)) };
}

function startOf(node: unknown): { start: number; end: number } {
  const [start, end] = (node as { range: [number, number, number] }).range;
  return { start, end };
}

/** Where the value of a key ends, without the blank space and comments after it. */
function endOf({ key, value }: Pair, text: string): number {
  const keyEnd = startOf(key).end;
  const range = (value as { range?: [number, number, number] } | null)?.range;
  const end = Math.max(range?.[1] ?? 0, text.indexOf(':', keyEnd) + 1);
  return text.slice(0, end).trimEnd().length;
}

/** ` value`, or the lines of a block below the key. */
function asValue(value: CardValue, { isFlow, isJson, indent }: Layout): string {
  if (isJson) return ` ${JSON.stringify(value)}`;
  if (isFlow || typeof value !== 'object') return ` ${inline(value)}`;
  const lines = Array.isArray(value)
    ? itemsOf(value)
    : Object.entries(value).flatMap(([key, part]) => entry(key, part));
  return lines.map((line) => `\n${indent}  ${line}`).join('');
}

function entry(key: string, value: CardValue): string[] {
  const isListOfText = Array.isArray(value) && value.some((part) => typeof part === 'string');
  return isListOfText ? [`${key}:`, ...itemsOf(value).map((line) => `  ${line}`)] : [`${key}: ${inline(value)}`];
}

function itemsOf(list: readonly CardValue[]): string[] {
  return list.map((item) => `- ${inline(item)}`);
}

/** On one line, laid out as in the examples. */
export function inline(value: CardValue): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'object') {
    return `{ ${Object.entries(value)
      .map(([key, part]) => `${key}: ${inline(part)}`)
      .join(', ')} }`;
  }
  const isWord = typeof value !== 'string' || /^[\w./-]+$/.test(value);
  return stringify(value, { defaultStringType: isWord ? 'PLAIN' : 'QUOTE_SINGLE', lineWidth: 0 }).trim();
}
