/**
 * Checks a value against schema/card.schema.json and says in one line each what is wrong: the place, what was found,
 * what is allowed, and the nearest allowed key where one was mistyped.
 *
 * Where the schema offers a choice (anyOf), a validator reports the failures of all branches. Here the branch that the
 * author most likely meant is picked by its keys or its type, and only its failures are reported.
 */
import { nearestWord } from '../model/did-you-mean.ts';
import { allowed, describe, NAMING_KEYS, resolve, show } from './card-messages.ts';
import { foreignKeys, kindOf, withKinds } from './card-kind.ts';
import { pathText, pointerPath, valueAt, type CardPath, type CardProblem } from './card-path.ts';
import * as generated from './card-validator.generated.js';
import type { SchemaNode, SchemaViolation, Validator } from './card-validator.generated.js';

const { cardSchema } = generated;
const validators = generated as unknown as Readonly<Record<string, Validator>>;

/** Everything the schema has against `value`; empty when it is a card of the kind its `scan` names. */
export function schemaProblems(value: unknown): CardProblem[] {
  const kind = kindOf(value);
  const foreign = foreignKeys(value, kind);
  if (foreign) return [foreign];
  return problemsOf(kind, cardSchema.$defs![kind], value, []).map((problem) => withKinds(problem, value));
}

/** Problems of `value`, which stands at `base` and should be the definition `name`. */
function problemsOf(name: string, schema: SchemaNode, value: unknown, base: CardPath): CardProblem[] {
  const validate = validators[name];
  if (validate(value)) return [];
  const violations = validate.errors ?? [];
  const placed = violations.map((violation) => ({ violation, path: pointerPath(violation.instancePath, value) }));
  const isInside = (path: CardPath, outer: CardPath): boolean => outer.every((part, i) => path[i] === part);
  const choices = placed.filter(({ violation }) => violation.keyword === 'anyOf').map(({ path }) => path);
  const outermost = choices.filter(
    (path) => !choices.some((other) => other.length < path.length && isInside(path, other)),
  );
  const plain = placed.filter(({ path }) => !outermost.some((choice) => isInside(path, choice)));
  const unknownKeys = plain.filter(({ violation }) => violation.keyword === 'additionalProperties');
  const problems: CardProblem[] = [];
  for (const { violation, path } of plain) {
    const found = valueAt(value, path);
    const node = schemaAt(schema, path);
    // A mistyped key is told once, as unknown, and not a second time as missing.
    const isTypo = unknownKeys.some(
      (other) =>
        pathText(other.path) === pathText(path) &&
        nearestWord(String(other.violation.params.additionalProperty), [String(violation.params.missingProperty)]),
    );
    if (violation.keyword === 'required' && isTypo) continue;
    // A list that is too long is told once.
    if (violation.keyword === 'items') continue;
    problems.push(describe(violation, node, found, [...base, ...path]));
  }
  for (const path of outermost) {
    const node = schemaAt(schema, path);
    const own = placed
      .filter(({ path: place }) => pathText(place) === pathText(path))
      .map(({ violation }) => violation);
    problems.push(...problemsOfChoice(node, own, valueAt(value, path), [...base, ...path]));
  }
  return problems;
}

function problemsOfChoice(
  node: SchemaNode,
  own: readonly SchemaViolation[],
  value: unknown,
  path: CardPath,
): CardProblem[] {
  const branches = (node.anyOf ?? []).map((branch): Branch => ({
    name: branch.$ref?.split('/').pop(),
    schema: resolve(branch),
  }));
  const fitting = branches.filter(({ schema }) => fitsType(schema, value));
  const objects = fitting.filter(({ schema }) => schema.properties !== undefined);
  if (objects.length > 0) {
    const named = namedBranch(objects, value as object, path);
    if (named) return named;
    const keys = Object.keys(value as object);
    const score = ({ schema }: { schema: SchemaNode }): number =>
      keys.filter((key) => nearestWord(key, Object.keys(schema.properties!)) !== undefined).length;
    // What tells the branches apart: keys that only one of them requires.
    const telling = objects.flatMap(({ schema }) =>
      schema.required!.filter((key) => objects.filter((other) => other.schema.required!.includes(key)).length === 1),
    );
    if (!keys.some((key) => nearestWord(key, telling) !== undefined)) {
      return [{ path, message: `${pathText(path)} has none of the keys ${telling.join(', ')}; one of them is needed` }];
    }
    const best = objects.reduce((a, b) => (score(b) > score(a) ? b : a));
    return problemsOf(best.name!, best.schema, value, path);
  }
  const [only] = fitting;
  if (fitting.length === 1 && only.name !== undefined) return problemsOf(only.name, only.schema, value, path);
  const bound =
    fitting.length === 1 && own.find(({ keyword }) => !['type', 'const', 'enum', 'anyOf'].includes(keyword));
  if (bound) return [describe(bound, only.schema, value, path)];
  return [{ path, message: `${pathText(path)} is ${show(value)}, expected ${allowed(node)}` }];
}

/**
 * Problems of a block whose branches are told apart by the value of `method` or `kind`: those of the branch it names.
 * Undefined where branches have no such key.
 */
function namedBranch(branches: readonly Branch[], value: object, path: CardPath): CardProblem[] | undefined {
  const naming = NAMING_KEYS.find((key) => branches.every((branch) => namesOf(branch, key).length > 0));
  if (branches.length < 2 || naming === undefined) return undefined;
  const keys = Object.keys(value);
  const key = keys.find((k) => k === naming) ?? keys.find((k) => nearestWord(k, [naming]));
  const names = branches.flatMap((branch) => namesOf(branch, naming));
  if (key === undefined)
    return [{ path, message: `${pathText(path)} lacks the key '${naming}'; allowed: ${names.join(', ')}` }];
  const name = valueAt(value, [key]);
  const asked =
    branches.find((branch) => namesOf(branch, naming).includes(name)) ?? (key === naming ? undefined : branches[0]);
  if (!asked) {
    const node: SchemaNode = { enum: names };
    return [describe({ keyword: 'enum', instancePath: '', params: {} }, node, name, [...path, naming])];
  }
  // Keys of another branch are told once, and not a second time as what is missing instead.
  const own = Object.keys(asked.schema.properties!);
  const foreign = keys.filter(
    (k) => !own.includes(k) && branches.some(({ schema }) => Object.hasOwn(schema.properties!, k)),
  );
  if (foreign.length === 0) return problemsOf(asked.name!, asked.schema, value, path);
  const wrong = foreign.map((k, i) => (i === 0 ? `${pathText(path)}.${k}` : `.${k}`)).join(' and ');
  const verb = foreign.length === 1 ? 'does' : 'do';
  const message = `${wrong} ${verb} not belong to ${naming} ${String(name)}; its keys: ${own.join(', ')}`;
  return [{ path: [...path, foreign[0]], atKey: true, message }];
}

function namesOf({ schema }: Branch, key: string): readonly unknown[] {
  return schema.properties?.[key]?.enum ?? [];
}

interface Branch {
  readonly name: string | undefined;
  readonly schema: SchemaNode;
}

function fitsType(node: SchemaNode, value: unknown): boolean {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  if (node.enum !== undefined) return typeof value === 'string';
  if (node.const !== undefined) return value === node.const;
  const types = typeof node.type === 'string' ? [node.type] : (node.type ?? []);
  const own = Array.isArray(value) ? 'array' : isObject ? 'object' : typeof value;
  return types.includes(own) || (own === 'number' && types.includes('integer'));
}

/** Schema of the value at `path`; there is no choice on the way, choices are taken apart before. */
function schemaAt(schema: SchemaNode, path: CardPath): SchemaNode {
  let node = resolve(schema);
  for (const part of path) {
    const patterned = Object.entries(node.patternProperties ?? {}).find(([pattern]) =>
      new RegExp(pattern).test(String(part)),
    );
    const own = node.properties;
    const next =
      typeof part === 'number'
        ? (node.prefixItems?.[part] ?? (node.items || undefined))
        : own !== undefined && Object.hasOwn(own, part)
          ? own[part]
          : patterned?.[1];
    node = resolve(next ?? {});
  }
  return node;
}
