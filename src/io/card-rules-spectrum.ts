/** What a card of sliding-range fits must satisfy beyond its schema: choices that fit together, formulas that compile. */
import { isDarkscanError } from '../errors.ts';
import type { Formula, SpectrumBlock, SpectrumCard } from '../model/card.ts';
import { SIGNAL_TARGETS } from '../model/counting-model.ts';
import { compileExpression, makeScope } from '../model/expression.ts';
import { levelOf } from '../model/limit-groups.ts';
import { orderChoiceOf } from '../model/spectrum/card-model.ts';
import { HYPOTHESIS_VARIABLES } from '../model/spectrum/card-formulas.ts';
import { checkOverColumns } from './card-formulas.ts';
import { parsePath, pathText, type CardProblem, type Report } from './card-path.ts';
import { checkInfinitePrior } from './card-rules-statistics.ts';

/** Problems of a card that satisfies the schema. */
export function spectrumRuleProblems(card: SpectrumCard): CardProblem[] {
  const problems: CardProblem[] = [];
  const report: Report = (place, message, atKey) => {
    const path = typeof place === 'string' ? parsePath(place) : place;
    problems.push({ path, atKey, message: `${typeof place === 'string' ? place : pathText(place)} ${message}` });
  };
  checkNames(card, report);
  card.spectra.forEach((block, i) => checkBlock(block, `spectra[${i}]`, report));
  checkStatistics(card, report);
  checkNuisances(card, report);
  return [...problems, ...formulaProblems(card)];
}

function checkNames({ spectra, nuisances = [], couplings = [] }: SpectrumCard, report: Report): void {
  const once = (names: readonly (string | undefined)[], where: (i: number) => string): void =>
    names.forEach((name, i) => {
      if (name !== undefined && names.indexOf(name) < i)
        report(
          where(i),
          `'${name}' is already the name of ${where(names.indexOf(name)).replace(/\.name$/, '')}; names are used once`,
        );
    });
  if (spectra.length > 1)
    spectra.forEach(({ name }, i) => {
      if (name === undefined) report(`spectra[${i}]`, `lacks the key 'name'; the card has ${spectra.length} spectra`);
    });
  once(
    spectra.map(({ name }) => name),
    (i) => `spectra[${i}].name`,
  );
  spectra.forEach(({ peaks = [] }, k) =>
    once(
      peaks.map(({ name }) => name),
      (i) => `spectra[${k}].peaks[${i}].name`,
    ),
  );
  once(
    nuisances.map(({ name }) => name),
    (i) => `nuisances[${i}].name`,
  );
  once(
    couplings.map(({ name }) => name),
    (i) => `couplings[${i}].name`,
  );
  couplings.forEach(({ name }, i) => {
    if (/^limit($|_)/.test(name))
      report(`couplings[${i}].name`, `'${name}' would clash with the limit columns; choose another name`);
  });
}

function checkBlock(block: SpectrumBlock, where: string, report: Report): void {
  const { data, x, bins, hypotheses, resolution, range, shape, background } = block;
  const isTable = 'histogram' in data;
  if ('file' in data && x.column === undefined)
    report(`${where}.x`, "lacks the key 'column', which events need; add it");
  if (isTable && bins !== undefined) report(`${where}.bins`, 'is given, but the binned table has its own; remove it');
  if (!isTable && bins === undefined) report(where, "lacks the key 'bins', in which events are counted; add it");
  if (bins !== undefined && !(bins.from < bins.to))
    report(`${where}.bins`, `go from ${bins.from} to ${bins.to}, expected from < to; correct them`);
  const hasSigma = 'table' in hypotheses && hypotheses.table.columns.sigma !== undefined;
  if (hasSigma && resolution !== undefined)
    report(`${where}.resolution`, 'is given, but the table of hypotheses has a column sigma; keep one');
  if (!hasSigma && resolution === undefined)
    report(where, "lacks the key 'resolution': standard deviation of x, a formula of x and m");
  if ('from' in hypotheses && hypotheses.from > hypotheses.to)
    report(`${where}.hypotheses`, `go from ${hypotheses.from} to ${hypotheses.to}, expected from <= to; correct them`);
  [range.clip, ...(range.exclude ?? [])].forEach((interval, i) => {
    if (interval === undefined || interval[0] < interval[1]) return;
    const place = i === 0 ? `${where}.range.clip` : `${where}.range.exclude[${i - 1}]`;
    report(place, `is [${interval.join(', ')}], expected [low, high] with low < high; swap or correct them`);
  });
  if (shape.kind === 'crystal-ball' && shape.low === undefined && shape.high === undefined)
    report(`${where}.shape`, 'has neither low nor high, expected a tail on one side or both; or take kind gaussian');
  checkOrder(background, `${where}.background`, report);
  if (bins === undefined || !('unbinned' in bins)) return;
  if (!('file' in data)) report(`${where}.bins`, 'is unbinned, which needs a file of events; give a width');
  if (orderChoiceOf(background) !== undefined)
    report(
      `${where}.bins`,
      'is unbinned, but the order of the background is chosen by a rule; give a width or one order',
    );
}

function checkOrder(background: SpectrumBlock['background'], where: string, report: Report): void {
  if (background.kind === 'power-law') {
    const { threshold, end, root } = background;
    if (root !== undefined && end === undefined)
      report(`${where}.root`, 'is given, but there is no end; add or remove');
    if (threshold !== undefined && end !== undefined && !(threshold < end))
      report(`${where}.threshold`, `is ${threshold}, expected a number below end (${end})`);
  }
  const choice = orderChoiceOf(background);
  if (choice === undefined) return;
  const { rule, from, to, level } = choice;
  const place = `${where}.${'degree' in background ? 'degree' : 'powers'}`;
  if (background.kind === 'power-law' && !(from >= 1 && to <= 3))
    report(place, `goes from ${from} to ${to}, expected 1 to 3 powers; correct them`);
  if (!(from < to)) report(place, `goes from ${from} to ${to}, expected from < to; correct them or give one degree`);
  if (rule !== 'f-test' && level !== undefined)
    report(`${place}.level`, `is given, but rule ${rule} has none; remove it`);
}

function checkStatistics({ statistics: { limits }, nuisances, couplings = [] }: SpectrumCard, report: Report): void {
  const levels = limits.map((limit) => `${limit.method} ${levelOf(limit)}`);
  if (new Set(levels).size < levels.length) report('statistics.limits', `ask for the same twice: ${levels.join(', ')}`);
  if (couplings.length > 0 && limits.length === 0)
    report('couplings', 'need a limit to convert, but statistics.limits is empty; add one or remove them');
  limits.forEach((limit, i) => {
    if (limit.method === 'bayes') checkInfinitePrior(limit, nuisances, `statistics.limits[${i}].poi_max`, report);
  });
}

function checkNuisances({ nuisances = [] }: SpectrumCard, report: Report): void {
  nuisances.forEach(({ constraint, on }, i) => {
    const shape = (['resolution', 'position'] as const).filter((key) => on[key] !== undefined);
    if (shape.length > 0 && constraint !== 'normal')
      report(
        `nuisances[${i}].constraint`,
        `is ${constraint}, expected normal, as it acts on the ${shape.join(' and the ')} of the signal`,
      );
    for (const key of SIGNAL_TARGETS)
      if (constraint === 'gamma' && typeof on[key] === 'object')
        report(['nuisances', i, 'on', key], 'has up and down, but gamma has one size; give one or use lognormal');
  });
}

function formulaProblems(card: SpectrumCard): CardProblem[] {
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
