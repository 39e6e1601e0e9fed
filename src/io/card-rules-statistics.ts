/** Rules of the `statistics` block: what each method needs of the background and of the constraints. */
import type { BayesLimit, Card, Nuisance, P0Method, SpectrumNuisance } from '../model/card.ts';
import { BACKGROUND_TARGET, SIGNAL_TARGETS } from '../model/counting-model.ts';
import { levelOf } from '../model/limit-groups.ts';
import type { Report } from './card-path.ts';

type Component = Card['background']['components'][number];
/** A nuisance of any kind of card. */
type Constraint = Nuisance | SpectrumNuisance;

export function checkStatistics(card: Card, report: Report): void {
  checkTwice(card, report);
  checkOnOff(card, report);
  checkPolynomialProfile(card, report);
  card.statistics.limits.forEach((limit, i) => {
    if (limit.method === 'cls-exact') checkKnown(card, `statistics.limits[${i}].method`, report);
    if (limit.method === 'bayes') checkInfinitePrior(limit, card.nuisances, `statistics.limits[${i}].poi_max`, report);
  });
  card.nuisances?.forEach((nuisance, i) => {
    if (nuisance.constraint !== 'gamma') return;
    for (const [target, size] of Object.entries(nuisance.on)) {
      if (typeof size === 'object')
        report(['nuisances', i, 'on', target], 'has up and down, but gamma has one size; give one or use lognormal');
    }
  });
}

function checkTwice({ statistics: { p0, limits } }: Card, report: Report): void {
  const methods = [p0].flat();
  if (new Set(methods).size < methods.length) report('statistics.p0', `names a method twice: ${methods.join(', ')}`);
  const levels = limits.map((limit) => `${limit.method} ${levelOf(limit)}`);
  if (new Set(levels).size < levels.length) report('statistics.limits', `ask for the same twice: ${levels.join(', ')}`);
}

/** n_on and n_off alone decide: one band, and its tau known exactly. */
function checkOnOff(card: Card, report: Report): void {
  const exact: readonly P0Method[] = ['on-off', 'on-off-mid-p', 'li-ma'];
  const asked = [card.statistics.p0].flat().filter((method) => exact.includes(method));
  if (asked.length === 0) return;
  const need = `${asked.join(', ')} ${asked.length === 1 ? 'needs' : 'need'}`;
  const { components } = card.background;
  const bands = components.filter((component) => 'side_band' in component || 'control' in component).length;
  if (bands !== 1 || components.length !== 1) {
    const found = `${bands} of ${components.length} components`;
    report('statistics.p0', `${need} a side_band or control component and no other, found ${found}; use marginal`);
    return;
  }
  const nuisance = onBackground(card)[0];
  if (nuisance)
    report(
      'statistics.p0',
      `${need} an exactly known tau, but nuisance '${nuisance.name}' acts on the background; use marginal or profile`,
    );
}

/** Polynomial fits are profiled with their own parameters, which leaves no room for other constraints. */
function checkPolynomialProfile(card: Card, report: Report): void {
  const { components } = card.background;
  const polynomial = components.find((component) => 'polynomial' in component);
  if (!polynomial) return;
  const [nuisance] = card.nuisances ?? [];
  const background = onBackground(card)[0];
  const [alone, constrained] = [
    `with the polynomial '${polynomial.name}' needs it to be the only component, found ${components.length}`,
    `with the polynomial '${polynomial.name}' takes no nuisance`,
  ];
  if ([card.statistics.p0].flat().includes('profile')) {
    if (components.length > 1) report('statistics.p0', `profile ${alone}; use marginal`);
    else if (background)
      report('statistics.p0', `profile ${constrained} on the background, found '${background.name}'; use marginal`);
  }
  card.statistics.limits.forEach(({ method }, i) => {
    if (method !== 'profile') return;
    const place = `statistics.limits[${i}].method`;
    if (components.length > 1) report(place, `profile ${alone}; use bayes`);
    else if (nuisance) report(place, `profile ${constrained}, found '${nuisance.name}'; use bayes`);
  });
}

/** Exact CLs: nothing but the count may be uncertain. */
function checkKnown(card: Card, place: string, report: Report): void {
  const uncertain = card.background.components.map(uncertaintyOf).find((why) => why !== undefined);
  const nuisance = card.nuisances?.[0];
  const reason = uncertain ?? (nuisance && `nuisance '${nuisance.name}' is a constraint`);
  if (reason)
    report(place, `cls-exact needs everything but the count known exactly, but ${reason}; use bayes or profile`);
}

/** Why a component is not known exactly, or undefined if it is. */
function uncertaintyOf(component: Component): string | undefined {
  const says = (why: string) => `component '${component.name}' ${why}`;
  if ('side_band' in component) return says('is measured in a side band');
  if ('control' in component) return says('is measured in a control sample');
  if ('polynomial' in component) return says('is fitted');
  if ('sample' in component && component.mc_stat !== false) return says('has the statistics of its sample (mc_stat)');
  if ('table' in component && component.table.columns.bkg_err !== undefined) return says('has an error (bkg_err)');
  return undefined;
}

/** Nuisances that act on `background` or a component. */
function onBackground(card: Card): Nuisance[] {
  const targets = [BACKGROUND_TARGET, ...card.background.components.map(({ name }) => name)];
  return (card.nuisances ?? []).filter(({ on }) => targets.some((target) => Object.hasOwn(on, target)));
}

/** @param place of `poi_max` */
export function checkInfinitePrior(
  limit: BayesLimit,
  nuisances: readonly Constraint[] = [],
  place: string,
  report: Report,
): void {
  if (limit.poi_max !== 'inf') return;
  for (const nuisance of nuisances) {
    const reason = forbidsInfinitePrior(nuisance);
    if (reason) report(place, `is .inf, but nuisance '${nuisance.name}' ${reason}; give a finite number`);
  }
}

/** Why the posterior has no finite integral to infinity with this nuisance, or undefined if it has. */
function forbidsInfinitePrior({ constraint, on }: Constraint): string | undefined {
  const sizes = SIGNAL_TARGETS.filter((target) => Object.hasOwn(on, target)).map((target) => on[target]);
  if (sizes.length === 0 || constraint === 'lognormal') return undefined;
  if (constraint === 'normal') return 'is normal and reaches zero sensitivity (lognormal does not)';
  return sizes.every((size) => typeof size === 'number' && Math.abs(size) < 1)
    ? undefined
    : 'is gamma with a size that is not a number below 1';
}
