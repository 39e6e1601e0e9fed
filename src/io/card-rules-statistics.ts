/** Rules of the `statistics` block and of the constraints it allows. */
import type { Card, Nuisance } from '../model/card.ts';
import { SIGNAL_TARGETS } from '../model/counting-model.ts';
import type { Report } from './card-path.ts';

export function checkStatistics(card: Card, report: Report): void {
  const { p0, limits } = card.statistics;
  const methods = [p0].flat();
  if (new Set(methods).size < methods.length) report('statistics.p0', `names a method twice: ${methods.join(', ')}`);
  const sideBands = card.background.components.filter((component) => 'side_band' in component).length;
  if (methods.includes('on-off') && (sideBands !== 1 || card.background.components.length !== 1)) {
    const found = `${sideBands} of ${card.background.components.length} components`;
    report('statistics.p0', `on-off needs a side_band component and no other, found ${found}; use marginal`);
  }
  const levels = limits.map(
    (limit) => `${limit.method} ${limit.method === 'bayes' ? limit.credibility : limit.confidence}`,
  );
  if (new Set(levels).size < levels.length) report('statistics.limits', `ask for the same twice: ${levels.join(', ')}`);
  limits.forEach((limit, i) => {
    if (limit.method !== 'bayes' || limit.poi_max !== 'inf') return;
    for (const nuisance of card.nuisances ?? []) {
      const reason = forbidsInfinitePrior(nuisance);
      if (reason)
        report(
          `statistics.limits[${i}].poi_max`,
          `is .inf, but nuisance '${nuisance.name}' ${reason}; give a finite number`,
        );
    }
  });
  card.nuisances?.forEach((nuisance, i) => {
    if (nuisance.constraint !== 'gamma') return;
    for (const [target, size] of Object.entries(nuisance.on)) {
      if (typeof size === 'object')
        report(['nuisances', i, 'on', target], 'has up and down, but gamma has one size; give one or use lognormal');
    }
  });
}

/** Why the posterior has no finite integral to infinity with this nuisance, or undefined if it has. */
function forbidsInfinitePrior({ constraint, on }: Nuisance): string | undefined {
  const sizes = SIGNAL_TARGETS.filter((target) => Object.hasOwn(on, target)).map((target) => on[target]);
  if (sizes.length === 0 || constraint === 'lognormal') return undefined;
  if (constraint === 'normal') return 'is normal and reaches zero sensitivity (lognormal does not)';
  return sizes.every((size) => typeof size === 'number' && Math.abs(size) < 1)
    ? undefined
    : 'is gamma with a size that is not a number below 1';
}
