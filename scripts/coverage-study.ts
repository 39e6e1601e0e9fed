/**
 * How often asymptotic formulae of sliding-range fits hold with few events: coverage of S^ +- its error, false alarms of
 * p0, coverage of upper limits, against the background expected within 2 resolutions of the mass.
 *   npx tsx scripts/coverage-study.ts [toys] [toys with limits] [degree] [file]
 * One Gaussian signal in the middle of a range of 25 resolutions in 50 bins, flat background, fitted by a Chebyshev polynomial.
 * The toys are those of `darkscan bias`; the limits those of a scan. Writes a table in Markdown (default: to the screen).
 */
import { writeFileSync } from 'node:fs';
import { CpuBackend } from '../src/engine/cpu-backend.ts';
import { spectrumThrow } from '../src/kernels/spectrum_throw.ts';
import { makeFitPlan, type FitModel } from '../src/model/spectrum/fit-plan.ts';
import { gaussian } from '../src/model/spectrum/signal-shapes.ts';
import { makeSpectrum } from '../src/model/spectrum/spectrum.ts';
import { makeThrowTables } from '../src/model/spectrum/throw-tables.ts';
import { clsLimit, profileLimit } from '../src/scan/spectrum/limits/asymptotic.ts';
import { BayesLimits } from '../src/scan/spectrum/limits/bayes.ts';
import { LimitFits } from '../src/scan/spectrum/limits/limit-fits.ts';
import { exactYield } from '../src/scan/spectrum/limits/poi-likelihood.ts';
import { lnNormalTail } from '../src/stats/normal.ts';
import { fitExpected, ownRange, withSignal, type OwnRange } from '../src/toys/spectrum/bias-range.ts';
import { throwEnsemble } from '../src/toys/spectrum/bias-toys.ts';

const [nToys = '200000', nLimits = '2000', degree = '1', file] = process.argv.slice(2);
const TOYS = Number(nToys);
const LIMIT_TOYS = Number(nLimits);
/** Expected background in mass +- 2 resolutions. */
const BACKGROUNDS = [0.5, 1, 2, 5, 10, 50, 200];
const LEVEL = 0.95;
/** Injected signals of limits, in expected errors of S^. */
const SIGNALS = [1, 2, 4];
/** What is too low: this much below the level. */
const TOLERATED = 0.02;
const BINS = 50;
const BIN = 0.5;
/** Resolutions. */
const WINDOW = 4;
const METHODS = ['profile', 'cls-asymptotic', 'bayes'] as const;

interface Share {
  readonly k: number;
  readonly n: number;
}

const rows: string[][] = [];
const tooLow: string[] = [];
const backend = new CpuBackend({ threads: 1 });
for (const [i, b] of BACKGROUNDS.entries()) {
  const range = rangeOf(b);
  const unit = fitExpected(range, range.expected)!.sErr;
  const ensemble = (word: number, injected: number) =>
    throwEnsemble(range, { seed: 11, word: 100 * i + word, nToys: TOYS, injected }, { quick: backend, f64: backend });
  const cells = [String(b), unit.toPrecision(3)];
  const note = (share: Share, level: number, what: string): string => {
    const { k, n } = share;
    if (k / n < level - TOLERATED) tooLow.push(`b = ${b}: ${what} ${percent(share)}`);
    return percent(share);
  };
  for (const strength of [0, 2]) {
    const { sHat, sErr, failed, z } = await ensemble(strength, strength * unit);
    const good = [...failed.keys()].filter((toy) => failed[toy] === 0);
    const inside = good.filter((toy) => Math.abs(sHat[toy] - strength * unit) <= sErr[toy]);
    cells.push(note({ k: inside.length, n: good.length }, 0.6827, `S^ +- error at S = ${strength} errors`));
    if (strength !== 0) continue;
    for (const level of [1, 2, 3]) {
      const tail = Math.exp(lnNormalTail(level));
      const alarms = good.filter((toy) => z[toy] > level).length;
      note({ k: good.length - alarms, n: good.length }, 1 - tail, `no false alarm at Z > ${level}`);
      cells.push(
        `${(alarms / good.length / tail).toFixed(2)} ± ${(Math.sqrt(alarms) / good.length / tail).toFixed(2)}`,
      );
    }
  }
  const limits = SIGNALS.map((strength, s) => limitCoverage(range, strength * unit, 100 * i + 50 + s));
  METHODS.forEach((method, m) => {
    const shares = limits.map(({ covered, stated }) => ({ k: covered[m], n: stated }));
    const worst = shares.reduce((low, share) => (share.k / share.n < low.k / low.n ? share : low));
    const where = SIGNALS[shares.indexOf(worst)];
    cells.push(`${note(worst, LEVEL, `${method} limit at S = ${where} errors`)} (${where})`);
  });
  const missing = limits.reduce((sum, { stated }) => sum + LIMIT_TOYS - stated, 0);
  cells.push(percent({ k: missing, n: LIMIT_TOYS * SIGNALS.length }));
  rows.push(cells);
  console.error(cells.join(' | '));
}
await backend.close();
const text = document();
if (file === undefined) console.log(text);
else writeFileSync(file, text);

function rangeOf(b: number): OwnRange {
  const low = Array.from({ length: BINS }, (_, i) => BIN * (i - BINS / 2));
  const expected = new Float64Array(BINS).fill((b * BIN) / WINDOW);
  // counts do not enter a plan, but a range without any has none
  const spectrum = makeSpectrum(
    low,
    low.map((edge) => edge + BIN),
    new Uint32Array(BINS).fill(1),
  );
  const hypotheses = [{ mass: 0, sigma: 1 }];
  const model: FitModel = {
    signalAt: ({ mass, sigma }) => gaussian(mass, sigma),
    background: { kind: 'chebyshev', degree: Number(degree) },
    range: { halfWidth: (BIN * BINS) / 2 },
  };
  const plan = makeFitPlan(spectrum, hypotheses, model);
  return ownRange({ name: '', first: 0, spectrum, hypotheses, model, plan }, 0, expected, 0);
}

/** Toys whose limits are at or above the signal, per method, of those that have a limit by all methods. */
function limitCoverage(range: OwnRange, injected: number, word: number): { covered: number[]; stated: number } {
  const { plan } = range;
  const { tables, thresholds } = makeThrowTables(withSignal(range, injected));
  const counts = new Uint32Array(BINS);
  const bayes = new BayesLimits([1], []);
  const covered = METHODS.map(() => 0);
  let stated = 0;
  for (let toy = 0; toy < LIMIT_TOYS; toy++) {
    const params = { seed_low: 11, seed_high: 0, base_low: toy, base_high: word, n_bins: BINS, first_bin: 0 };
    spectrumThrow.run([tables, thresholds, counts], params, 0, BINS);
    const fits = new LimitFits(plan, counts, false, 0);
    const curve = fits.observed(0);
    const atZero = curve === undefined || curve === 'empty' ? undefined : curve.fitAt(0);
    if (curve === undefined || curve === 'empty' || atZero === undefined) continue;
    const asimovCurve = fits.asimov(0, atZero);
    const smooth = fits.withPseudoEvents(0, curve);
    const observed = exactYield(curve, 1);
    const asimov = asimovCurve && exactYield(asimovCurve, 1);
    const found = [
      observed && profileLimit(observed, LEVEL),
      observed && asimov && clsLimit(observed, asimov, LEVEL),
      smooth && bayes.limit(0, smooth, { method: 'bayes', level: LEVEL, poiMax: Infinity }).limit,
    ];
    if (found.some((limit) => limit === undefined)) continue;
    stated++;
    found.forEach((limit, m) => (covered[m] += limit! >= injected ? 1 : 0));
  }
  return { covered, stated };
}

function percent({ k, n }: Share): string {
  const p = k / n;
  return `${(100 * p).toFixed(1)} ± ${(100 * Math.sqrt((p * (1 - p)) / n)).toFixed(1)} %`;
}

function document(): string {
  const head = [
    'b',
    'error of S',
    'Ŝ ± error covers, S = 0',
    'P(Z > 1) / normal',
    'P(Z > 2) / normal',
    'P(Z > 3) / normal',
    'Ŝ ± error covers, S = 2 errors',
    ...METHODS.map((method) => `${method} ${100 * LEVEL} %, lowest (at S in errors)`),
    'no limit',
  ];
  return [
    '# Coverage of sliding-range fits with few events',
    '',
    `One Gaussian signal in the middle of 25 resolutions, ${BINS} bins, flat background, fitted by a Chebyshev polynomial of degree ${degree}; b events are expected within 2 resolutions of the mass. ${TOYS} toys for Ŝ and Z, ${LIMIT_TOYS} for each of the signals (${SIGNALS.join(', ')} expected errors) of the limits. Toys without events in the range have no limit; an error that does not exist does not cover.`,
    '',
    `\`npx tsx scripts/coverage-study.ts ${TOYS} ${LIMIT_TOYS} ${degree}\``,
    '',
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    tooLow.length === 0
      ? `Nothing is more than ${100 * TOLERATED} % below its level.`
      : `More than ${100 * TOLERATED} % below the level:`,
    '',
    ...tooLow.map((one) => `- ${one}`),
    '',
  ].join('\n');
}
