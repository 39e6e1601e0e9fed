/** The masses that are tested: in steps of the resolution, or from a table. */
import { DarkscanError } from '../../errors.ts';

export interface Hypothesis {
  /** Position of the signal and its resolution, in the units of the variable. */
  readonly mass: number;
  readonly sigma: number;
  /** Standard deviation of the whole signal, where its own width makes it larger; sigma without it. */
  readonly width?: number;
}

const MOST = 1e6;

/**
 * m_0 = from, m_{i+1} = m_i + fraction sigma(m_i), up to and including `to`.
 * Errors of kind card: sigma(m) that is not a finite number above 0, a fraction not above 0, more than a million steps.
 * @param where what the masses are of, for messages
 */
export function hypothesesInSteps(
  sigmaAt: (mass: number) => number,
  from: number,
  to: number,
  fraction: number,
  where = 'hypotheses',
): Hypothesis[] {
  if (!(Number.isFinite(from) && Number.isFinite(to) && from <= to))
    throw new DarkscanError('card', `${where}: masses from ${from} to ${to}, expected two numbers, the low one first`);
  if (!(fraction > 0 && fraction < Infinity))
    throw new DarkscanError('card', `${where}: step is ${fraction} resolutions, expected a finite number above 0`);
  const hypotheses: Hypothesis[] = [];
  for (let mass = from; mass <= to;) {
    const sigma = checkedSigma(mass, sigmaAt(mass), 'card', where);
    hypotheses.push({ mass, sigma });
    const next = mass + fraction * sigma;
    if (next === mass || hypotheses.length > MOST) {
      const message = `${where}: more than ${MOST} steps from ${from} to ${to} with sigma = ${sigma} at ${mass}`;
      throw new DarkscanError('card', `${message}; take a larger step or check the units`);
    }
    mass = next;
  }
  return hypotheses;
}

/**
 * One hypothesis per row, in ascending order of the mass. Error of kind data with the row.
 * @param where what the columns were read from, for messages
 */
export function hypothesesOfTable(
  masses: ArrayLike<number>,
  sigmas: ArrayLike<number>,
  where = 'hypotheses',
): Hypothesis[] {
  if (masses.length !== sigmas.length || masses.length === 0) {
    const found = `${where}: ${masses.length} masses and ${sigmas.length} resolutions`;
    throw new DarkscanError('data', `${found}, expected as many of each, at least 1`);
  }
  return Array.from(masses, (mass, i) => {
    if (!Number.isFinite(mass) || (i > 0 && !(mass > masses[i - 1]))) {
      const message = `${where}: row ${i} has mass ${mass}`;
      throw new DarkscanError('data', `${message}, expected a number above that of the row before; sort the table`);
    }
    return { mass, sigma: checkedSigma(mass, sigmas[i], 'data', where) };
  });
}

function checkedSigma(mass: number, sigma: number, kind: 'card' | 'data', where: string): number {
  if (sigma > 0 && sigma < Infinity) return sigma;
  throw new DarkscanError(kind, `${where}: resolution is ${sigma} at ${mass}, expected a finite number above 0`);
}
