/** What a campaign says about its ensemble beside the numbers: what stays nominal, what is drawn how often. */
import { BACKGROUND_TARGET, type CountingModel, type Nuisance } from '../model/counting-model.ts';
import { backgroundEffects, type ToyEnsemble, type ToySources } from '../model/toys/toy-sources.ts';
import type { MeasuredComponent } from '../model/toys/toy-regions.ts';
import type { P0Method } from '../scan/statistics.ts';

export interface Described {
  /** As the scan has it. */
  readonly scanned: CountingModel;
  readonly method: P0Method;
  readonly ensemble: ToyEnsemble;
  readonly sources: ToySources;
  readonly measured?: MeasuredComponent;
  /** As toys draw them. */
  readonly nuisances: readonly Nuisance[];
}

export function ensembleWarnings({ scanned, method, ensemble, sources, measured, nuisances }: Described): string[] {
  const names = scanned.components.map((c) => c.name);
  const drawn = nuisances.filter((n) => backgroundEffects(n, names).length > 0).map((n) => n.name);
  const warnings: string[] = [];
  if (measured?.band !== undefined) {
    const ofTau = scanned.nuisances
      .filter(({ effects }) => effects.some((e) => e.target === measured.name || e.target === BACKGROUND_TARGET))
      .map((n) => n.name);
    if (ofTau.length > 0 && ensemble !== 'fixed') {
      warnings.push(
        `${ofTau.join(', ')}: in toys '${measured.name}' stays nominal, its events in and beside windows are of one density`,
      );
    }
  }
  if (measured !== undefined && ensemble === 'auxiliary' && method === 'profile' && drawn.length > 0) {
    warnings.push(`${drawn.join(', ')}: measured again in toys only without side bands or control samples`);
  }
  const fitted = scanned.components.filter((c) => c.kind === 'polynomial').map((c) => c.name);
  if (fitted.length > 0 && ensemble !== 'fixed') {
    warnings.push(`${fitted.join(', ')}: fits are not repeated in toys, their errors move all windows together`);
  }
  const { scenarios } = sources;
  if (scenarios?.kind === 'draws') {
    const found = `backgrounds of toys are ${scenarios.weights.length} draws of all that changes their shape`;
    warnings.push(
      `${found}: a global p below about ${(1 / scenarios.weights.length).toPrecision(1)} needs more, toys.scenarios`,
    );
  }
  return warnings;
}
