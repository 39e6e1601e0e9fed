/** Completion of keys and choices, with the words of the schema beside them. */
import type { Completion, CompletionSource } from '@codemirror/autocomplete';
import { resolve } from '../../io/card-messages.ts';
import { cardSchema, type SchemaNode } from '../../io/card-validator.generated.js';
import { placeOf } from './card-place.ts';

export const completeCard: CompletionSource = ({ state, pos, explicit }) => {
  const text = state.sliceDoc();
  const place = placeOf(text.slice(0, pos));
  if (place === undefined || (place.word === '' && !explicit)) return null;
  const options = completionsAt(text, pos);
  return options.length === 0 ? null : { from: pos - place.word.length, options, validFor: /^[\w-]*$/ };
};

/** What can stand at an offset of a card. */
export function completionsAt(text: string, offset: number): Completion[] {
  const place = placeOf(text.slice(0, offset));
  if (place === undefined) return [];
  const kind = /^\s*(spectra\s*:|scan\s*:\s*\{\s*kind\s*:\s*spectrum)/m.test(text) ? 'SpectrumCard' : 'Card';
  const nodes = place.path.reduce(below, branches(cardSchema.$defs![kind]));
  return place.choiceOf === undefined ? keysOf(nodes) : choicesOf(below(nodes, place.choiceOf));
}

function keysOf(nodes: readonly SchemaNode[]): Completion[] {
  const keys = new Map<string, Completion>();
  for (const { properties, required } of nodes)
    for (const [label, node] of Object.entries(properties ?? {})) {
      const { description } = resolve(node);
      const boost = required?.includes(label) ? 1 : 0;
      if (!keys.has(label)) keys.set(label, { label, type: 'property', info: description, apply: `${label}: `, boost });
    }
  return [...keys.values()];
}

function choicesOf(nodes: readonly SchemaNode[]): Completion[] {
  const words = nodes.flatMap((node): unknown[] => {
    if (node.enum !== undefined) return [...node.enum];
    if (node.const !== undefined) return [node.const];
    return node.type === 'boolean' ? ['true', 'false'] : [];
  });
  return [...new Set(words.map(String))].map((label) => ({ label, type: 'enum' }));
}

function below(nodes: readonly SchemaNode[], key: string): SchemaNode[] {
  return nodes.flatMap(({ properties, patternProperties }) => {
    if (properties !== undefined && Object.hasOwn(properties, key)) return branches(properties[key]);
    const patterned = Object.entries(patternProperties ?? {}).find(([pattern]) => new RegExp(pattern).test(key));
    return patterned === undefined ? [] : branches(patterned[1]);
  });
}

/** A node as the blocks and values it can be: choices taken apart, lists as their items. */
function branches(reference: SchemaNode): SchemaNode[] {
  const node = resolve(reference);
  if (node.anyOf !== undefined) return node.anyOf.flatMap(branches);
  return typeof node.items === 'object' ? branches(node.items) : [node];
}
