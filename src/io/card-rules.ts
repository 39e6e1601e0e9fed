/**
 * What a card must satisfy beyond its schema: names that exist and are used once, choices that fit together, formulas
 * that compile (card-formulas.ts). Each rule adds problems to a list; nothing is computed from data here.
 */
import type { Card, Region } from '../model/card.ts';
import { BACKGROUND_TARGET, SIGNAL_TARGETS } from '../model/counting-model.ts';
import { formulaProblems } from './card-formulas.ts';
import { parsePath, pathText, type CardProblem, type Report } from './card-path.ts';
import { checkBackground } from './card-rules-background.ts';
import { checkStatistics } from './card-rules-statistics.ts';
import { checkToys } from './card-rules-toys.ts';

/** Problems of a card that satisfies the schema. */
export function ruleProblems(card: Card): CardProblem[] {
  const problems: CardProblem[] = [];
  const report: Report = (place, message, atKey) => {
    const path = typeof place === 'string' ? parsePath(place) : place;
    const text = typeof place === 'string' ? place : pathText(place);
    problems.push({ path, atKey, message: `${text} ${message}` });
  };
  checkDimension(card, report);
  checkNames(card, report);
  checkRanges(card, report);
  checkBackground(card, report);
  checkStatistics(card, report);
  checkToys(card, report);
  checkData(card, report);
  return [...problems, ...formulaProblems(card)];
}

/** Everything with a y belongs to 2D cards, and there it is needed. */
function checkDimension(card: Card, report: Report): void {
  const is2D = card.y !== undefined;
  const wants = (value: unknown, where: string): void => {
    if (is2D && value === undefined) report(where, 'is missing, the card has a y axis; add it');
    if (!is2D && value !== undefined) report(where, 'is given, but the card has no y axis; remove it or add y');
  };
  const { windows } = card;
  if ('table' in windows) {
    const isEllipses = 'a' in windows.table.columns;
    if (is2D && !isEllipses)
      report('windows.table.columns', 'name intervals, the card has a y axis; give x, y, a, b, phi_deg');
    if (!is2D && isEllipses)
      report('windows.table.columns', 'name ellipses, the card has no y axis; give x, half_width');
  } else {
    wants(windows.resolution.y, 'windows.resolution.y');
    wants(windows.region.y, 'windows.region.y');
    const { correlation, rotation } = windows.resolution;
    if (!is2D && correlation !== undefined)
      report('windows.resolution.correlation', 'is given, but the card has no y axis');
    if (!is2D && rotation !== undefined) report('windows.resolution.rotation', 'is given, but the card has no y axis');
    if (correlation !== undefined && rotation !== undefined) {
      report('windows.resolution.rotation', 'is given beside correlation, which mean different ellipses; keep one');
    }
    if (!is2D && typeof windows.half_axes === 'object')
      report('windows.half_axes', 'has x and y, the card has no y axis; give a number');
  }
  card.background.components.forEach((component, i) => {
    if ('density' in component && component.support)
      wants(component.support.y, `background.components[${i}].support.y`);
  });
  for (const [support, where] of supportsOfToys(card)) wants(support.y, `${where}.y`);
  card.blind?.forEach((region, i) => wants(region.y, `blind[${i}].y`));
  card.simulation?.inject?.forEach((signal, i) => wants(signal.y, `simulation.inject[${i}].y`));
  const { efficiency } = card.signal;
  if (typeof efficiency === 'object') wants(efficiency.table.columns.y, 'signal.efficiency.table.columns.y');
}

function checkNames(card: Card, report: Report): void {
  const once = (names: readonly string[], where: (i: number) => string): void =>
    names.forEach((name, i) => {
      const first = names.indexOf(name);
      if (first < i)
        report(
          where(i),
          `'${name}' is already the name of ${where(first).replace(/\.name$/, '')}; names are used once`,
        );
    });
  const components = card.background.components.map(({ name }) => name);
  once(components, (i) => `background.components[${i}].name`);
  once(
    (card.nuisances ?? []).map(({ name }) => name),
    (i) => `nuisances[${i}].name`,
  );
  once(
    (card.couplings ?? []).map(({ name }) => name),
    (i) => `couplings[${i}].name`,
  );
  const reserved = [...SIGNAL_TARGETS, BACKGROUND_TARGET];
  components.forEach((name, i) => {
    if (reserved.includes(name))
      report(`background.components[${i}].name`, `'${name}' is a target of nuisances; choose another name`);
  });
  card.couplings?.forEach(({ name }, i) => {
    if (/^limit($|_)/.test(name))
      report(`couplings[${i}].name`, `'${name}' would clash with the limit columns; choose another name`);
  });
  const targets = [...reserved, ...components];
  card.nuisances?.forEach(({ on }, i) => {
    for (const target of Object.keys(on)) {
      if (targets.includes(target)) continue;
      report(['nuisances', i, 'on', target], `is not a target; allowed: ${targets.join(', ')}`, true);
    }
  });
}

function checkRanges(card: Card, report: Report): void {
  const ordered = (region: Region, where: string): void => {
    for (const axis of ['x', 'y'] as const) {
      const range = region[axis];
      if (range !== undefined && !(range[0] < range[1])) {
        report(
          `${where}.${axis}`,
          `is [${range.join(', ')}], expected [low, high] with low < high; swap or correct them`,
        );
      }
    }
  };
  if ('region' in card.windows) ordered(card.windows.region, 'windows.region');
  card.blind?.forEach((region, i) => ordered(region, `blind[${i}]`));
  card.background.components.forEach((component, i) => {
    const where = `background.components[${i}]`;
    if ('density' in component && component.support) ordered(component.support, `${where}.support`);
  });
  for (const [support, where] of supportsOfToys(card)) ordered(support, where);
}

function supportsOfToys({ toys }: Card): (readonly [support: Region, where: string])[] {
  return Object.entries(toys?.density ?? {}).flatMap(([name, spec]) =>
    typeof spec === 'object' && 'density' in spec && spec.support !== undefined
      ? [[spec.support, `toys.density.${name}.support`] as const]
      : [],
  );
}

/** Pseudo-data are drawn from every component, so each needs a density of events. */
function checkData(card: Card, report: Report): void {
  if (!('simulate' in card.data)) return;
  card.background.components.forEach((component, i) => {
    if ('density' in component || 'map' in component) return;
    report(
      `background.components[${i}]`,
      `(${component.name}) has no density or map to draw events from; simulated data need one`,
    );
  });
}
