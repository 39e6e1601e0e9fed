/** Rules of the event densities of toys. */
import type { Card } from '../model/card.ts';
import { didYouMean } from '../model/did-you-mean.ts';
import type { Report } from './card-path.ts';

export function checkToys(card: Card, report: Report): void {
  const names = card.background.components.map(({ name }) => name);
  for (const name of Object.keys(card.toys?.density ?? {})) {
    if (names.includes(name)) continue;
    const advice = didYouMean(name, names, `allowed: ${names.join(', ')}`);
    report(['toys', 'density', name], `is not the name of a component${advice}`, true);
  }
}
