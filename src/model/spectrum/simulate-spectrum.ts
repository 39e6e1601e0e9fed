/** Pseudo-data of a spectrum: Poisson counts around the integrals of a density and of injected signals. */
import { DarkscanError } from '../../errors.ts';
import { makeStream } from '../../stats/philox.ts';
import type { SpectrumDensity } from '../card.ts';
import { gaussLegendre } from '../constraints/gauss.ts';
import type { Scope } from '../expression.ts';
import { drawPoisson, makePoissonTable, MAX_MEAN } from '../poisson-table.ts';
import { formulaOfX } from './card-formulas.ts';
import type { SignalShape } from './signal-shapes.ts';
import { makeSpectrum, type Spectrum } from './spectrum.ts';

/** Points per bin of the integral of the density. */
const QUADRATURE = gaussLegendre(8);
/** Stream of bin 0 of the first spectrum: toys, which number their bins from 0, and window scans use lower ones. */
const FIRST_STREAM = 0x40000000;
const TOTAL_DRAW = 0xffffffff;

/**
 * [nBins] expected events of the card's density, without the injected signals.
 * @param where path of the block `simulate`
 * Error (kind card): a density that is negative or not a number.
 */
export function expectedEvents(edges: Float64Array, spec: SpectrumDensity, where: string, scope: Scope): Float64Array {
  const density = formulaOfX(spec.density, `${where}.density`, scope, { atLeast: 0 });
  const expected = new Float64Array(edges.length - 1);
  let total = 0;
  for (let i = 0; i < expected.length; i++) {
    const [middle, half] = [(edges[i] + edges[i + 1]) / 2, (edges[i + 1] - edges[i]) / 2];
    for (let q = 0; q < QUADRATURE.nodes.length; q++) {
      expected[i] += half * QUADRATURE.weights[q] * density(middle + half * QUADRATURE.nodes[q]);
    }
    total += expected[i];
  }
  if (spec.events === undefined) return expected;
  if (!(total > 0))
    throw new DarkscanError('card', `card: ${where}.density is 0 everywhere, expected events: ${spec.events}`, {
      where,
    });
  return expected.map((value) => (value * spec.events!) / total);
}

/**
 * Error (kind card): a density that cannot be drawn from, more events in a bin than can be drawn.
 * @param shapeAt signal at a position
 * @param firstBin number of its first bin among those of all spectra of the card
 */
export function simulateSpectrum(
  edges: Float64Array,
  spec: SpectrumDensity,
  where: string,
  scope: Scope,
  shapeAt: (x: number) => SignalShape,
  seed: number,
  firstBin: number,
): Spectrum {
  const expected = expectedEvents(edges, spec, where, scope);
  for (const { x, events } of spec.inject ?? []) {
    const shape = shapeAt(x);
    for (let i = 0; i < expected.length; i++) expected[i] += events * shape.integral(edges[i], edges[i + 1]);
  }
  const counts = expected.map((mean, i) => {
    if (mean > MAX_MEAN) {
      const found = `card: ${where} expects ${mean} events between ${edges[i]} and ${edges[i + 1]}`;
      throw new DarkscanError('card', `${found}, at most ${MAX_MEAN} are drawn in a bin; lower them`, { where });
    }
    const [high, low] = makeStream(seed, FIRST_STREAM + firstBin + i).words(TOTAL_DRAW);
    return drawPoisson(makePoissonTable(mean), high, low);
  });
  return makeSpectrum(edges.subarray(0, -1), edges.subarray(1), counts, where);
}
