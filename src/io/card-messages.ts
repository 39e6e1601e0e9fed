/** Words for what is wrong in a card: one line per violation of the schema, with what was found and what is allowed. */
import { didYouMean } from '../model/did-you-mean.ts';
import { explainLimitMethod, explainP0Method } from '../model/method-names.ts';
import { pathText, type CardPath, type CardProblem } from './card-path.ts';
import { cardSchema, type SchemaNode, type SchemaViolation } from './card-validator.generated.js';

/**
 * @param node schema of the value at `path`
 * @param found that value
 */
export function describe(violation: SchemaViolation, node: SchemaNode, found: unknown, path: CardPath): CardProblem {
  const place = pathText(path);
  const { params } = violation;
  switch (violation.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const keys = Object.keys(node.properties ?? {});
      const own = path.length === 0 ? key : `${place}.${key}`;
      if (node.properties === undefined) {
        const advice = nameAdvice(path);
        return { path: [...path, key], atKey: true, message: `${own} is not a possible name; use ${advice}` };
      }
      const message = `${own} is not a known key${didYouMean(key, keys, `allowed: ${keys.join(', ')}`)}`;
      return { path: [...path, key], atKey: true, message };
    }
    case 'required': {
      const key = String(params.missingProperty);
      const about = resolve(node.properties?.[key] ?? {}).description ?? allowed(node.properties?.[key] ?? {});
      return { path, message: `${place} lacks the key '${key}': ${lowerFirst(about).replace(/\.$/, '')}` };
    }
    case 'enum':
    case 'const': {
      const last = path.findLast((part) => typeof part === 'string');
      const words = (node.enum ?? [node.const]).map(String);
      if (typeof found === 'string' && last === 'method') return refusal(path, found, explainLimitMethod(found, words));
      if (typeof found === 'string' && last === 'p0') return refusal(path, found, explainP0Method(found));
      return refusal(path, found, `allowed: ${words.join(', ')}${didYouMean(String(found), words)}`);
    }
    case 'pattern':
      return refusal(
        path,
        found,
        `expected ${lowerFirst(node.description ?? `text like ${params.pattern}`)}`.replace(/\.$/, ''),
      );
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return refusal(path, found, `expected a number ${BOUNDS[violation.keyword]} ${params.limit}`);
    case 'minItems':
    case 'maxItems': {
      const count = (found as unknown[]).length;
      const few = violation.keyword === 'maxItems' ? 'at most' : 'at least';
      return { path, message: `${place} has ${count} entries, expected ${few} ${params.limit}` };
    }
    case 'minProperties':
      return { path, message: `${place} is empty, expected at least one of ${keysOf(node) || 'the names it is for'}` };
    default:
      return refusal(path, found, `expected ${allowed(node)}`);
  }
}

const BOUNDS = { minimum: 'of at least', maximum: 'of at most', exclusiveMinimum: 'above', exclusiveMaximum: 'below' };

function nameAdvice(path: CardPath): string {
  return path.at(-1) === 'functions'
    ? "the form 'name(argument, ...)'"
    : 'letters, digits and _, not starting with a digit';
}

function refusal(path: CardPath, found: unknown, rest: string): CardProblem {
  return { path, message: `${pathText(path)} is ${show(found)}, ${rest}` };
}

/** A value in a message, short. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 57)}...` : value}'`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value !== null && typeof value === 'object') {
    const keys = Object.keys(value);
    return keys.length === 0 ? 'an empty block' : `a block with the keys ${keys.join(', ')}`;
  }
  return value === null ? 'empty' : String(value);
}

/** Keys whose value names the branch of a choice. */
export const NAMING_KEYS = ['method', 'kind'] as const;

const TYPE_WORDS: Readonly<Record<string, string>> = {
  number: 'a number',
  integer: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
};

/** Words for what a schema node admits. */
export function allowed(reference: SchemaNode): string {
  const node = resolve(reference);
  if (node.enum !== undefined) return node.enum.join(' or ');
  if (node.const !== undefined) return String(node.const);
  if (node.anyOf !== undefined) {
    const branches = node.anyOf.map(resolve);
    const naming = NAMING_KEYS.find((key) => branches.every((branch) => branch.properties?.[key]?.enum));
    if (naming === undefined || branches.length < 2) return node.anyOf.map(allowed).join(', or ');
    const names = branches.flatMap((branch) => branch.properties![naming].enum!);
    return `a block whose ${naming} is one of ${names.join(', ')}`;
  }
  if (node.properties !== undefined) return `a block with the keys ${keysOf(node)}`;
  if (node.prefixItems !== undefined) return `a list of ${node.prefixItems.length}`;
  const types = typeof node.type === 'string' ? [node.type] : (node.type ?? []);
  return types.map((type) => TYPE_WORDS[type] ?? 'a block of names').join(' or ');
}

function keysOf(node: SchemaNode): string {
  return Object.keys(node.properties ?? {}).join(', ');
}

/** The node with its reference followed. */
export function resolve(node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const target = cardSchema.$defs![node.$ref.split('/').pop()!];
  return { ...target, ...node, $ref: undefined };
}

function lowerFirst(text: string): string {
  return text === '' ? text : text[0].toLowerCase() + text.slice(1);
}
