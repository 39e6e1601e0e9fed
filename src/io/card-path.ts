/** Places in a card: ['windows', 'region', 'x', 0] written windows.region.x[0]. */

export type CardPath = readonly (string | number)[];

/** Something wrong in a card: where, and a message that starts with that place. */
export interface CardProblem {
  readonly path: CardPath;
  /** True when the key itself is wrong: the position to show is that of the key, not of its value. */
  readonly atKey?: boolean;
  readonly message: string;
}

/** windows.region.x[0]; the whole card is "the card". */
export function pathText(path: CardPath): string {
  if (path.length === 0) return 'the card';
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

/** Inverse of pathText, for errors that carry their place as text. */
export function parsePath(text: string): CardPath {
  return [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? key : Number(index),
  );
}

/** Path of a JSON pointer into `value`; parts are numbers where `value` has arrays. */
export function pointerPath(pointer: string, value: unknown): CardPath {
  let node = value;
  return pointer
    .split('/')
    .slice(1)
    .map((escaped) => {
      const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
      const part = Array.isArray(node) ? Number(key) : key;
      node = valueAt(node, [part]);
      return part;
    });
}

/** Value at a path, undefined where there is none. */
export function valueAt(value: unknown, path: CardPath): unknown {
  let node = value;
  for (const part of path) {
    if (node === null || typeof node !== 'object' || !Object.hasOwn(node, part)) return undefined;
    node = (node as Record<string | number, unknown>)[part];
  }
  return node;
}

/** How a rule adds a problem: the place (a path or its text), what is wrong, whether the key itself is at fault. */
export type Report = (path: CardPath | string, message: string, atKey?: boolean) => void;
