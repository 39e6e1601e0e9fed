/** What all hypotheses of a measurement of bias say together, and what people should be warned of. */
import type { BiasOverall, BiasRow, SpuriousSize } from '../../model/spectrum/bias-result.ts';
import { lnGammaQ } from '../../stats/gamma.ts';
import { lnNormalTail } from '../../stats/normal.ts';
import { exp, log } from '../../stats/portable.ts';

/** @param rows of one strength */
export function overallOf(strength: number, rows: readonly BiasRow[]): BiasOverall {
  const sum = (of: (row: BiasRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const pulls = rows.filter(({ pull_mean_err }) => pull_mean_err !== null && pull_mean_err > 0);
  const mean = (of: (row: BiasRow) => number) => pulls.reduce((total, row) => total + of(row), 0) / pulls.length;
  const has = pulls.length > 0;
  const chi2 = pulls.reduce((total, row) => total + (row.pull_mean! / row.pull_mean_err!) ** 2, 0);
  const good = sum(({ toys, failures }) => toys - failures);
  const covered = pulls.filter(({ coverage }) => coverage !== null);
  const ofToys = ({ toys, failures, without_error }: BiasRow) => toys - failures - without_error;
  const largest = rows.reduce<BiasRow | undefined>(
    (most, row) => (inErrors(row) > inErrors(most) ? row : most),
    undefined,
  );
  return {
    strength,
    hypotheses: rows.length,
    toys: sum(({ toys }) => toys),
    failures: sum(({ failures }) => failures),
    without_error: sum(({ without_error }) => without_error),
    pull_mean: has ? mean((row) => row.pull_mean!) : null,
    pull_mean_err: has ? Math.sqrt(mean((row) => row.pull_mean_err! ** 2) / pulls.length) : null,
    ln_p_unbiased: has ? lnGammaQ(0.5 * pulls.length, 0.5 * chi2) : null,
    pull_width: has ? mean((row) => row.pull_width!) : null,
    coverage: covered.length > 0 ? ratio(covered, (row) => row.coverage! * ofToys(row), ofToys) : null,
    tails:
      strength === 0 && good > 0
        ? TAILS.map(({ tail, normal, of }) => ({ tail, share: sum((row) => row[of] ?? 0) / good, normal }))
        : null,
    largest:
      largest === undefined
        ? null
        : { id: largest.id, mass: largest.mass, bias: largest.bias!, in_errors: largest.bias! / largest.s_unit },
  };
}

const beyond = (z: number) => exp(lnNormalTail(z));
const TAILS = [
  { tail: 'Z < -2', normal: beyond(2), of: 'z_below_2' },
  { tail: 'Z < -1', normal: beyond(1), of: 'z_below_1' },
  { tail: 'Z > 1', normal: beyond(1), of: 'z_above_1' },
  { tail: 'Z > 2', normal: beyond(2), of: 'z_above_2' },
] as const;

function inErrors(row: BiasRow | undefined): number {
  return row === undefined || row.bias === null ? -1 : Math.abs(row.bias) / row.s_unit;
}

function ratio<T>(of: readonly T[], above: (one: T) => number, below: (one: T) => number): number {
  return of.reduce((sum, one) => sum + above(one), 0) / of.reduce((sum, one) => sum + below(one), 0);
}

/** Of every spectrum the largest |mean S^| of toys without signal. @param names of the spectra */
export function spuriousSizes(rows: readonly BiasRow[], names: readonly string[]): SpuriousSize[] {
  return names.flatMap((name, i): SpuriousSize[] => {
    const own = rows.filter(({ spectrum, strength, mean_s }) => spectrum === name && strength === 0 && mean_s !== null);
    if (own.length === 0) return [];
    const { id, mass, s_unit, mean_s, bias_err, bias_expected } = own.reduce((most, row) =>
      Math.abs(row.mean_s!) > Math.abs(most.mean_s!) ? row : most,
    );
    const events = Math.abs(mean_s!);
    return [
      {
        spectrum: name,
        where: `spectra[${i}].spurious_signal`,
        events,
        error: bias_err!,
        id,
        mass,
        in_errors: events / s_unit,
        expected: bias_expected,
        envelope: envelopeOf(own),
      },
    ];
  });
}

/** A m^p with p from least squares of ln |mean S^| (at least its error), A so that none is above it. */
function envelopeOf(rows: readonly BiasRow[]): string | null {
  if (rows.length < 3 || rows.some(({ mass }) => !(mass > 0))) return null;
  const points = rows.map(({ mass, mean_s, bias_err }) => [log(mass), log(Math.max(Math.abs(mean_s!), bias_err!))]);
  const mean = (k: number) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const spread = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / spread;
  if (!Number.isFinite(slope)) return null;
  const power = Number(slope.toFixed(2));
  const reference = Number(exp(x).toPrecision(3));
  const size = rows.reduce(
    (most, { mass, mean_s }) => Math.max(most, Math.abs(mean_s!) * exp(-power * log(mass / reference))),
    0,
  );
  return `${roundUp(size)}*(m/${reference})^(${power})`;
}

/** To three digits. @param value > 0 */
function roundUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return Number((Math.ceil(value / unit) * unit).toPrecision(3));
}

/** A deviation must be this many of its errors to be told: with 1000 numbers one false alarm in 17 measurements. */
const SURE = 4;
/** Share of the error of S^ from which a bias matters (spurious-signal criterion of ATLAS, ATL-PHYS-PUB-2020-028). */
const LARGE_BIAS = 0.2;
const LARGE_WIDTH = 0.05;
/** Below the 68.27 % of S^ +- its error. */
const LOW_COVERAGE = 0.6827 - 0.02;

/** @param isOther toys come from another card */
export function biasWarnings(rows: readonly BiasRow[], isOther = false): string[] {
  const warnings: string[] = [];
  const tell = (found: readonly BiasRow[], what: string) => {
    if (found.length > 0) warnings.push(`${found.length} of ${rows.length} ensembles: ${what}`);
  };
  const biased = rows.filter(
    ({ bias, bias_err, s_unit }) =>
      bias !== null && Math.abs(bias) > LARGE_BIAS * s_unit && Math.abs(bias) > SURE * bias_err!,
  );
  const ofModel = biased.filter(({ bias, bias_expected }) => Math.abs(bias_expected ?? 0) > 0.5 * Math.abs(bias!));
  tell(
    biased,
    `S^ is biased by more than ${LARGE_BIAS} of its error; in ${ofModel.length} of them the expected counts alone do so: ` +
      (isOther
        ? 'the background cannot take the form of the truth'
        : 'stitched fits follow fluctuations of the data, or a fit does not describe its range'),
  );
  tell(
    rows.filter(({ pull_width, pull_width_err }) => {
      const off = pull_width === null ? 0 : Math.abs(pull_width - 1);
      return off > LARGE_WIDTH && off > SURE * pull_width_err!;
    }),
    `the width of the pull differs from 1 by more than ${LARGE_WIDTH}`,
  );
  tell(
    rows.filter(({ coverage, coverage_high }) => {
      // four errors, for the 68 % interval is one
      return coverage !== null && coverage + SURE * (coverage_high! - coverage) < LOW_COVERAGE;
    }),
    'S^ +- its error covers in less than 66.3 % of toys',
  );
  const failures = rows.reduce((sum, row) => sum + row.failures, 0);
  if (failures > 0) warnings.push(`${failures} toys without a minimum are in none of the numbers`);
  return warnings;
}
