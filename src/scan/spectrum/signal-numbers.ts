/** What the card says about the signal, per hypothesis: mass, events per unit of the POI, systematic uncertainties. */
import type { Formula, SpectrumCard } from '../../model/card.ts';
import { SIGNAL_TARGETS, type Nuisance } from '../../model/counting-model.ts';
import type { Scope } from '../../model/expression.ts';
import { hypothesisFormula, type Bounds, type OfHypothesis } from '../../model/spectrum/card-formulas.ts';
import type { BlockModel } from '../../model/spectrum/card-model.ts';

/** Sizes of one uncertainty of the shape of the signal, [nHypotheses] standard deviations. */
export interface ShapeSizes {
  readonly name: string;
  /** Relative change of the resolution. */
  readonly resolution?: Float64Array;
  /** Shift of the position, in units of x. */
  readonly position?: Float64Array;
}

/** All arrays [nHypotheses]. */
export interface SignalNumbers {
  /** Mass of the particle. */
  readonly mass: Float64Array;
  /** Expected events over all x per unit of the POI: luminosity * efficiency * branching. */
  readonly sensitivity: Float64Array;
  /** Standard deviation of the spurious signal, events. */
  readonly spurious: Float64Array;
  /** On the yield; targets efficiency, luminosity, branching. */
  readonly yieldNuisances: readonly Nuisance[];
  readonly shapeNuisances: readonly ShapeSizes[];
}

/** @param models one per spectrum of the card */
export function signalNumbers(card: SpectrumCard, scope: Scope, models: readonly BlockModel[]): SignalNumbers {
  const { signal, nuisances = [] } = card;
  const luminosity = signal.luminosity?.value ?? 1;
  const atAll = (formula: Formula, where: string, bounds?: Bounds) =>
    perHypothesis(models, (model) => hypothesisFormula(formula, where, scope, model.massAt, bounds));
  const share: Bounds = { atLeast: 0, atMost: 1 };
  const efficiency = atAll(signal.efficiency ?? 1, 'signal.efficiency', share);
  const branching = atAll(signal.branching ?? 1, 'signal.branching', share);
  const sizes = (size: Formula, where: string, constraint: string) =>
    atAll(size, where, constraint === 'lognormal' ? { above: -1 } : {});
  return {
    mass: perHypothesis(models, ({ massAt }) => massAt),
    sensitivity: efficiency.map((value, h) => luminosity * value * branching[h]),
    spurious: Float64Array.from(
      models.flatMap(({ hypotheses, massAt }, i) => {
        const text = card.spectra[i].spurious_signal;
        if (text === undefined) return hypotheses.map(() => 0);
        const size = hypothesisFormula(text, `spectra[${i}].spurious_signal`, scope, massAt, { atLeast: 0 });
        return hypotheses.map(({ mass }) => size(mass));
      }),
    ),
    yieldNuisances: nuisances.flatMap(({ name, constraint, on }, i): Nuisance[] => {
      const effects = SIGNAL_TARGETS.flatMap((target) => {
        const size = on[target];
        if (size === undefined) return [];
        const where = `nuisances[${i}].on.${target}`;
        if (typeof size !== 'object') {
          const values = sizes(size, where, constraint);
          return [{ target, up: values, down: values }];
        }
        return [
          {
            target,
            up: sizes(size.up, `${where}.up`, constraint),
            down: sizes(size.down, `${where}.down`, constraint),
          },
        ];
      });
      return effects.length > 0 ? [{ name, constraint, effects }] : [];
    }),
    shapeNuisances: nuisances.flatMap(({ name, on }, i): ShapeSizes[] => {
      const { resolution, position } = on;
      if (resolution === undefined && position === undefined) return [];
      return [
        {
          name,
          ...(resolution === undefined ? {} : { resolution: atAll(resolution, `nuisances[${i}].on.resolution`) }),
          ...(position === undefined ? {} : { position: atAll(position, `nuisances[${i}].on.position`) }),
        },
      ];
    }),
  };
}

function perHypothesis(models: readonly BlockModel[], make: (model: BlockModel) => OfHypothesis): Float64Array {
  return Float64Array.from(
    models.flatMap((model) => {
      const value = make(model);
      return model.hypotheses.map(({ mass }) => value(mass));
    }),
  );
}
