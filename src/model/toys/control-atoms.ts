/** Events of a control sample in toys: a source of their own, thrown beside the background they measure. */
import { DarkscanError } from '../../errors.ts';
import type { ToyComponent } from './toy-sources.ts';
import type { ToyRegions } from './toy-regions.ts';

/**
 * Expected events of the control sample over atoms: in every cell those of the component times tau = 1 / transfer, the
 * mean over the windows that hold the cell. n_off ~ Poisson(tau b) then holds in every window exactly for a transfer
 * factor that is one number, and for others as far as it changes little across a window.
 * @param component the background over atoms, nominal or of a scenario
 * @param tau [nWindows]
 */
export function controlComponent(
  { name, atoms: events }: ToyComponent,
  regions: ToyRegions,
  tau: Float64Array,
): ToyComponent {
  const { atoms, controlShift } = regions;
  if (controlShift === 0) throw new DarkscanError('internal', `toys: there is no control sample of ${name}`);
  const control = new Float64Array(atoms.count);
  for (let a = 1; a <= controlShift; a++) {
    let sum = 0;
    for (let k = atoms.first[a]; k < atoms.first[a + 1]; k++) sum += tau[atoms.windows[k] >> 1];
    control[a + controlShift] = (events[a] * sum) / (atoms.first[a + 1] - atoms.first[a]);
  }
  return { name: `control sample of ${name}`, atoms: control };
}
