/** Rules of single background components. */
import type { Card } from '../model/card.ts';
import type { Report } from './card-path.ts';

export function checkBackground(card: Card, report: Report): void {
  card.background.components.forEach((component, i) => {
    const where = `background.components[${i}]`;
    if (!('side_band' in component)) return;
    const { inner = 3, outer } = component.side_band;
    if (outer !== undefined && !(inner < outer)) {
      report(`${where}.side_band.outer`, `is ${outer}, expected a number above inner (${inner})`);
    }
  });
}
