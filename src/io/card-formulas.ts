/** Compiles every formula of a card once, so that a typing error is found before any data are read. */
import { isDarkscanError } from '../errors.ts';
import { compileBandCondition } from '../model/band-shape.ts';
import type { Card, Formula } from '../model/card.ts';
import { compileExpression, freeNames, makeScope, type Scope } from '../model/expression.ts';
import { parsePath, type CardProblem } from './card-path.ts';

/** Formulas that do not compile; in those over file columns, which are not known yet, any name may be a column. */
export function formulaProblems(card: Card): CardProblem[] {
  const problems: CardProblem[] = [];
  const attempt = <T>(run: () => T): T | undefined => {
    try {
      return run();
    } catch (error) {
      if (!isDarkscanError(error, 'card')) throw error;
      problems.push({ path: parsePath(error.where ?? ''), message: error.message.replace(/^card: /, '') });
      return undefined;
    }
  };
  const scope = attempt(() => makeScope(card));
  if (scope === undefined) return problems;
  const plane = card.y === undefined ? ['x'] : ['x', 'y'];
  const compile = (formula: Formula | undefined, where: string, variables: readonly string[] = plane): void => {
    if (formula !== undefined) attempt(() => compileExpression(formula, variables, scope, where));
  };
  const overColumns = (derive: object | undefined, select: readonly string[] | undefined, where: string): void => {
    for (const [name, formula] of Object.entries(derive ?? {})) {
      const place = `${where}.derive.${name}`;
      attempt(() => compileExpression(name, [name], scope, place));
      attempt(() => checkOverColumns(formula as Formula, scope, place));
    }
    select?.forEach((rule, i) => attempt(() => checkOverColumns(rule, scope, `${where}.select[${i}]`)));
  };
  if ('file' in card.data) overColumns(card.data.derive, card.data.select, 'data');
  if ('resolution' in card.windows) {
    const { resolution, region } = card.windows;
    for (const key of ['x', 'y', 'correlation', 'rotation'] as const)
      compile(resolution[key], `windows.resolution.${key}`);
    compile(region.where, 'windows.region.where');
  }
  card.background.components.forEach((component, i) => {
    const where = `background.components[${i}]`;
    if ('density' in component) {
      compile(component.density, `${where}.density`);
      compile(component.support?.where, `${where}.support.where`);
    } else if ('sample' in component) {
      const { weight, derive, select } = component.sample;
      overColumns(derive, select, `${where}.sample`);
      if (weight !== undefined) attempt(() => checkOverColumns(weight, scope, `${where}.sample.weight`));
    } else if ('side_band' in component) {
      const { tau, leak, where: condition } = component.side_band;
      const place = `${where}.side_band`;
      if (typeof tau === 'object') compile(tau.density, `${place}.tau.density`);
      else if (tau !== 'area') compile(tau, `${place}.tau`);
      if (leak !== 'gaussian') compile(leak, `${place}.leak`);
      const is2D = card.y !== undefined;
      if (condition !== undefined) attempt(() => void compileBandCondition(condition, is2D, scope, `${place}.where`));
    } else if ('control' in component) {
      const { derive, select, transfer } = component.control;
      overColumns(derive, select, `${where}.control`);
      compile(transfer, `${where}.control.transfer`);
    } else if ('polynomial' in component) {
      compile(component.polynomial.bin_width, `${where}.polynomial.bin_width`);
    }
  });
  if (typeof card.signal.efficiency !== 'object') compile(card.signal.efficiency, 'signal.efficiency');
  compile(card.signal.branching, 'signal.branching');
  card.nuisances?.forEach(({ on }, i) => {
    for (const [target, size] of Object.entries(on)) {
      const where = `nuisances[${i}].on.${target}`;
      if (typeof size === 'object') {
        compile(size.up, `${where}.up`);
        compile(size.down, `${where}.down`);
      } else compile(size, where);
    }
  });
  for (const [name, spec] of Object.entries(card.toys?.density ?? {})) {
    if (spec === 'windows' || 'map' in spec) continue;
    compile(spec.density, `toys.density.${name}.density`);
    compile(spec.support?.where, `toys.density.${name}.support.where`);
  }
  card.couplings?.forEach(({ formula }, i) => compile(formula, `couplings[${i}].formula`, ['limit', ...plane]));
  return problems;
}

export function checkOverColumns(formula: Formula, scope: Scope, where: string): void {
  compileExpression(formula, [...freeNames(formula, scope, where)], scope, where);
}
