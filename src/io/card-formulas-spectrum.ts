/** Formulas of a card of sliding-range fits, compiled with the variables each of them has. */
import { isDarkscanError } from '../errors.ts';
import type { Formula, SpectrumCard } from '../model/card.ts';
import { compileExpression, makeScope } from '../model/expression.ts';
import { HYPOTHESIS_VARIABLES } from '../model/spectrum/card-formulas.ts';
import { checkOverColumns } from './card-formulas.ts';
import { parsePath, type CardProblem } from './card-path.ts';

/** Problems of a card that satisfies the schema. */
export function spectrumFormulaProblems(card: SpectrumCard): CardProblem[] {
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
  for (const name of Object.keys(card.constants ?? {}))
    if ((HYPOTHESIS_VARIABLES as readonly string[]).includes(name))
      problems.push({
        path: ['constants', name],
        atKey: true,
        message: `constants.${name} is a variable of formulas (x: position of the signal, m: mass); choose another name`,
      });
  if (problems.length > 0) return problems;
  const scope = attempt(() => makeScope(card));
  if (scope === undefined) return problems;
  const check = (
    formula: Formula | undefined,
    where: string,
    variables: readonly string[] = HYPOTHESIS_VARIABLES,
  ): void => {
    if (formula !== undefined) attempt(() => compileExpression(formula, variables, scope, where));
  };
  card.spectra.forEach((block, i) => {
    const where = `spectra[${i}]`;
    const { data, bins, shape, background } = block;
    if ('file' in data) {
      for (const [name, formula] of Object.entries(data.derive ?? {}))
        attempt(() => checkOverColumns(formula, scope, `${where}.data.derive.${name}`));
      data.select?.forEach((rule, k) => attempt(() => checkOverColumns(rule, scope, `${where}.data.select[${k}]`)));
    }
    if ('simulate' in data) check(data.simulate.density, `${where}.data.simulate.density`, ['x']);
    if (bins !== undefined && 'width' in bins) check(bins.width, `${where}.bins.width`, ['x']);
    check(block.mass, `${where}.mass`, ['x']);
    check(block.resolution, `${where}.resolution`);
    check(block.spurious_signal, `${where}.spurious_signal`);
    if (shape.kind === 'crystal-ball')
      for (const side of ['low', 'high'] as const) {
        check(shape[side]?.alpha, `${where}.shape.${side}.alpha`);
        check(shape[side]?.n, `${where}.shape.${side}.n`);
      }
    if (shape.kind === 'voigt') check(shape.width, `${where}.shape.width`);
    if (shape.kind === 'template') check(shape.scale, `${where}.shape.scale`);
    if ('degree' in background && typeof background.degree === 'string')
      check(background.degree, `${where}.background.degree`);
  });
  check(card.signal.efficiency, 'signal.efficiency');
  check(card.signal.branching, 'signal.branching');
  card.nuisances?.forEach(({ on }, i) => {
    for (const [target, size] of Object.entries(on) as [string, Formula | { up: Formula; down: Formula }][]) {
      const where = `nuisances[${i}].on.${target}`;
      if (typeof size === 'object') {
        check(size.up, `${where}.up`);
        check(size.down, `${where}.down`);
      } else check(size, where);
    }
  });
  card.couplings?.forEach(({ formula }, i) =>
    check(formula, `couplings[${i}].formula`, ['limit', ...HYPOTHESIS_VARIABLES]),
  );
  return problems;
}
