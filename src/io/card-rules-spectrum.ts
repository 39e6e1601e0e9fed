/**
 * What a card of sliding-range fits must satisfy beyond its schema: choices that fit together, formulas that compile
 * (card-formulas-spectrum.ts).
 */
import type { SpectrumBlock, SpectrumCard } from '../model/card.ts';
import { SIGNAL_TARGETS } from '../model/counting-model.ts';
import { levelOf } from '../model/limit-groups.ts';
import { orderChoiceOf } from '../model/spectrum/card-model.ts';
import { spectrumFormulaProblems } from './card-formulas-spectrum.ts';
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
  card.blind?.forEach(({ mass }, i) => {
    if (!(mass[0] < mass[1]))
      report(`blind[${i}].mass`, `is [${mass.join(', ')}], expected [low, high] with low < high; swap or correct them`);
  });
  checkStatistics(card, report);
  checkNuisances(card, report);
  return [...problems, ...spectrumFormulaProblems(card)];
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
    const yields = SIGNAL_TARGETS.filter((key) => on[key] !== undefined);
    if (shape.length > 0 && yields.length > 0)
      report(
        `nuisances[${i}].on`,
        `has ${[...yields, ...shape].join(', ')}: one parameter acts on the yield or on the shape of the signal, not on both; give two`,
      );
    for (const key of SIGNAL_TARGETS)
      if (constraint === 'gamma' && typeof on[key] === 'object')
        report(['nuisances', i, 'on', key], 'has up and down, but gamma has one size; give one or use lognormal');
  });
}
