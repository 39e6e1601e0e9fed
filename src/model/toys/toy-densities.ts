/**
 * Where the events of every background component of toys lie. Densities, maps and simulated samples say it themselves;
 * of the others the card says it (toys.density), as it may of any.
 */
import { DarkscanError } from '../../errors.ts';
import { makeBinnedMap } from '../binned-map.ts';
import type { Card, MapFile } from '../card.ts';
import { makeDensity } from '../density.ts';
import type { Scope } from '../expression.ts';
import type { PlaneFunction } from '../plane-function.ts';
import { tableKey } from '../table-key.ts';
import type { WindowSet } from '../windows.ts';
import { mapDensity } from './map-density.ts';
import type { Simulated } from './sample-atoms.ts';
import { measuredComponent } from './toy-regions.ts';
import type { ToyInputs } from './toy-sources.ts';
import { presence, windowsDensity } from './windows-density.ts';

export interface NamedDensity {
  readonly name: string;
  /** Expected events per area; not used where there are simulated events. */
  readonly at: PlaneFunction;
  /** Cells are fine where this is above 0; where `at` is without it. */
  readonly present?: PlaneFunction;
  readonly simulated?: Simulated;
}

/** Numbers per window for densities made of them. */
export interface WindowBackground {
  readonly windows: WindowSet;
  /** [components][windows.count] expected background, in the order of the card. */
  readonly b0: readonly Float64Array[];
}

/**
 * The density of every component.
 * @param background for toys.density `windows`, and for simulated samples
 * Error (kind card) for a component that has none: toys need an event density.
 */
export function toyDensities(
  card: Card,
  scope: Scope,
  inputs: ToyInputs,
  background?: WindowBackground,
): NamedDensity[] {
  const { components } = card.background;
  const needWindows = (): WindowBackground => {
    if (background === undefined) throw new DarkscanError('internal', 'toys: a density needs the windows');
    return background;
  };
  const bandOf = () => measuredComponent(card, scope)?.band;
  return components.map((component, i): NamedDensity => {
    const { name } = component;
    const given = card.toys?.density;
    if (given !== undefined && Object.hasOwn(given, name)) {
      const spec = given[name];
      if (spec === 'windows') {
        const { windows, b0 } = needWindows();
        const band = bandOf();
        const region = 'side_band' in component ? band?.region : undefined;
        return { name, at: windowsDensity(windows, b0[i], band, region), present: presence(windows, band) };
      }
      if ('map' in spec) return { name, at: densityOfMap(card, spec.map, inputs) };
      return { name, at: makeDensity(card, { name, ...spec }, scope, `toys.density.${name}`).atMany };
    }
    const where = `background.components[${i}]`;
    if ('density' in component) return { name, at: makeDensity(card, component, scope, where).atMany };
    if ('map' in component) return { name, at: densityOfMap(card, component.map, inputs) };
    if ('sample' in component) {
      const events = inputs.samples.get(name);
      if (events === undefined) throw new DarkscanError('internal', `toys: the sample of ${name} was not read`);
      const at = presence(needWindows().windows, bandOf());
      return { name, at, simulated: { events, scale: component.sample.scale ?? 1 } };
    }
    const message = `card: ${where} (${name}) has no event density, expected toys.density.${name} to throw toys from`;
    throw new DarkscanError('card', `${message}; give windows, a density or a map there`, { where });
  });
}

function densityOfMap(card: Card, map: MapFile, { tables }: ToyInputs): PlaneFunction {
  const table = tables.get(tableKey(map));
  if (table === undefined) throw new DarkscanError('internal', `toys: ${map.file} was not read`);
  return mapDensity(makeBinnedMap(table, card.y !== undefined, map.file));
}
