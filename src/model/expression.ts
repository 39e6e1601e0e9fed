/**
 * Formulas of a card, compiled to closures over an array of values. No text is ever run as JavaScript: the parser gives
 * a tree of six kinds of nodes, and only names known here are found. Comparisons and logic give 1 or 0; `&&`, `||` and
 * `? :` evaluate only the side they need (over blocks of points both, which gives the same). The same formula gives the same bits in every engine (formula-functions.ts).
 */
import type { Card } from './card.ts';
import { compileFormula, failAt, parseAt, type CardFunction, type Expression } from './formula-compiler.ts';
import { BUILTIN_CONSTANTS, BUILTIN_FUNCTIONS } from './formula-functions.ts';
import { walkFormula } from './formula-parser.ts';

export type { Expression } from './formula-compiler.ts';

/** What formulas may use beside their variables and the built-in names. */
export interface Scope {
  readonly constants: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, CardFunction>;
}

export const EMPTY_SCOPE: Scope = { constants: new Map(), functions: new Map() };

/**
 * Compiles a formula. Error `card` with the place, the text and what is known.
 * @param variables names in the order in which `evaluate` gets their values
 * @param where path into the card, such as `windows.resolution.x`
 */
export function compileExpression(
  formula: string | number,
  variables: readonly string[],
  scope: Scope,
  where: string,
): Expression {
  const { constants, functions } = scope;
  const findFunction = (name: string): CardFunction | undefined => functions.get(name);
  return compileFormula({
    text: String(formula),
    where,
    variables,
    constants,
    findFunction,
    functionNames: [...functions.keys()],
  });
}

/** Scope of a card: its constants and functions, every function compiled. Recursion and clashes of names are errors. */
export function makeScope(card: Pick<Card, 'constants' | 'functions'>): Scope {
  const constants = new Map(Object.entries(card.constants ?? {}));
  for (const name of constants.keys()) refuseBuiltin(name, `constants.${name}`);
  const headers = new Map<string, { argumentNames: string[]; text: string; where: string }>();
  for (const [header, formula] of Object.entries(card.functions ?? {})) {
    const [name, ...argumentNames] = header.split(/[(),\s]+/).filter((part) => part !== '');
    const where = `functions.${header}`;
    refuseBuiltin(name, where);
    if (headers.has(name) || constants.has(name)) failAt(where, `the name '${name}' is used twice; rename one`);
    const clash = argumentNames.find((argument, i) => constants.has(argument) || argumentNames.indexOf(argument) < i);
    if (clash !== undefined) failAt(where, `the argument '${clash}' is also a constant or another argument; rename it`);
    headers.set(name, { argumentNames, text: String(formula), where });
  }
  const functions = new Map<string, CardFunction>();
  const open: string[] = [];
  const findFunction = (name: string): CardFunction | undefined => {
    const header = headers.get(name);
    if (header === undefined || functions.has(name)) return functions.get(name);
    if (open.includes(name)) {
      failAt(header.where, `calls itself (${[...open, name].join(' -> ')}); recursion is not possible`);
    }
    open.push(name);
    const { text, where, argumentNames } = header;
    const functionNames = [...headers.keys()];
    const body = compileFormula({ text, where, variables: argumentNames, constants, findFunction, functionNames });
    open.pop();
    functions.set(name, { argumentNames, tree: parseAt(text, where), body });
    return functions.get(name);
  };
  for (const name of headers.keys()) findFunction(name);
  return { constants, functions };
}

/** Names a formula needs from outside: variables, without the constants of the scope. Unparsable text is an error. */
export function freeNames(formula: string | number, scope: Scope, where: string): Set<string> {
  const names = new Set<string>();
  walkFormula(parseAt(String(formula), where), (node) => {
    if (node.kind === 'name' && !scope.constants.has(node.name) && !BUILTIN_CONSTANTS.has(node.name))
      names.add(node.name);
  });
  return names;
}

function refuseBuiltin(name: string, where: string): void {
  if (BUILTIN_CONSTANTS.has(name) || BUILTIN_FUNCTIONS.has(name))
    failAt(where, `'${name}' is built in; choose another name`);
}
