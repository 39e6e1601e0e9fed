/** Spectra whose toys are fitted: expected events, hypotheses, plans; and the same as files for peers. */
import fs from 'node:fs';
import path from 'node:path';
import { HYPOTHESIS_STRIDE, makeFitPlan, type FitPlan } from '../../src/model/spectrum/fit-plan.ts';
import { hypothesesInSteps, type Hypothesis } from '../../src/model/spectrum/hypotheses.ts';
import { makeQuickPlan, type QuickPlan } from '../../src/model/spectrum/quick-plan.ts';
import { gaussian } from '../../src/model/spectrum/signal-shapes.ts';
import { makeSpectrum } from '../../src/model/spectrum/spectrum.ts';
import { makeThrowTables, type ThrowTables } from '../../src/model/spectrum/throw-tables.ts';

export interface FitProblem {
  readonly name: string;
  readonly nBins: number;
  readonly expected: Float64Array;
  readonly plan: FitPlan;
  readonly quick: QuickPlan;
  readonly tables: ThrowTables;
}

/** Cubic background and a Gaussian signal of fixed mass and resolution in 50 bins, but where a name says otherwise. */
export function fitProblems(): FitProblem[] {
  const one = [{ mass: 24, sigma: 2 }];
  return [
    problem('one range, 100 events per bin', 50, (x) => 100 * Math.exp(1.2 * (0.5 - x)), one),
    problem('one range, 3 events per bin', 50, (x) => 3 * Math.exp(1.2 * (0.5 - x)), one),
    problem('scan of 391 masses, 1000 bins', 1000, (x) => 1000 * Math.exp(-3 * x), alongAxis(1000), 10),
  ];
}

/** Half the resolution from one mass to the next; resolutions of 2.5 bins, +- 10 of them. */
function alongAxis(nBins: number): Hypothesis[] {
  return hypothesesInSteps(() => 2.5, 5 * 2.5, nBins - 5 * 2.5, 1);
}

function problem(
  name: string,
  nBins: number,
  density: (x: number) => number,
  hypotheses: readonly Hypothesis[],
  halfWidth = 100,
): FitProblem {
  const edges = Array.from({ length: nBins + 1 }, (_, i) => i);
  const expected = Float64Array.from({ length: nBins }, (_, i) => density((i + 0.5) / nBins));
  const spectrum = makeSpectrum(edges.slice(0, -1), edges.slice(1), Array.from(expected, Math.round));
  const plan = makeFitPlan(spectrum, hypotheses, {
    signalAt: ({ mass, sigma }) => gaussian(mass, sigma),
    background: { kind: 'chebyshev', degree: 3 },
    range: { halfWidth },
  });
  const quick = makeQuickPlan(plan, expected);
  return { name, nBins, expected, plan, quick, tables: makeThrowTables(expected) };
}

/** For peers/spectrum: NAME.json {nBins, expected, hypotheses: [{first, columns}]}, NAME.counts u32 [toys][nBins]. */
export function writeProblem({ name, nBins, expected, plan }: FitProblem, counts: Uint32Array, folder: string): string {
  const file = path.join(folder, name.replace(/[^a-z0-9]+/gi, '-'));
  const hypotheses = Array.from({ length: plan.nHypotheses }, (_, h) => {
    const [row, size, offset, K] = plan.hypotheses.subarray(HYPOTHESIS_STRIDE * h);
    const column = (k: number) => Array.from(plan.design.subarray(offset + k * size, offset + (k + 1) * size));
    return { first: plan.bins[row], columns: Array.from({ length: K }, (__, k) => column(k)) };
  });
  fs.writeFileSync(`${file}.json`, JSON.stringify({ nBins, expected: Array.from(expected), hypotheses }));
  fs.writeFileSync(`${file}.counts`, Buffer.from(counts.buffer, counts.byteOffset, counts.byteLength));
  return file;
}
