/** Axes scales with their ticks: linear and logarithmic from d3-scale, and one for -log10 p that knows no underflow. */
import { scaleLinear, scaleLog } from 'd3-scale';

export interface Tick {
  readonly value: number;
  /** ROOT-like label; empty for a minor tick. */
  readonly label: string;
}

export interface Scale {
  readonly kind: 'linear' | 'log';
  readonly domain: readonly [number, number];
  /** Position of a value in SVG units; values outside the domain are clamped to its edges. */
  position(value: number): number;
  /** Inverse of position, for filling pixels. */
  value(position: number): number;
  readonly major: readonly Tick[];
  readonly minor: readonly number[];
}

/** Linear scale over [low, high] drawn at `range` (SVG units). */
export function linearScale(domain: readonly [number, number], range: readonly [number, number], count = 6): Scale {
  const scale = scaleLinear(safeDomain(domain), range).clamp(true);
  const values = scale.ticks(count);
  const format = scale.tickFormat(count);
  const step = values.length > 1 ? values[1]! - values[0]! : 1;
  // 5 minor steps between ticks of 1 or 5, 4 between ticks of 2.
  const lead = Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9));
  const minorStep = step / (lead === 2 ? 4 : 5);
  const first = Math.ceil(scale.domain()[0]! / minorStep - 1e-9);
  const last = Math.floor(scale.domain()[1]! / minorStep + 1e-9);
  return {
    kind: 'linear',
    domain: scale.domain() as [number, number],
    position: (value) => scale(value),
    value: (position) => scale.invert(position),
    major: values.map((value) => ({
      value,
      label: isLong(values) ? powerLabel(value) : format(value).replaceAll(',', ''),
    })),
    minor: Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * minorStep),
  };
}

/** Logarithmic scale; the domain must be positive. Decades are labelled 1, 10, 10^{3}; over less than a decade also 2 and 5. */
export function logScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const scale = scaleLog(domain[0] < domain[1] ? domain : [domain[0] / 2, domain[0] * 2], range).clamp(true);
  const [low, high] = scale.domain() as [number, number];
  const decades = Math.log10(high / low);
  const multiples = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const labelled = decades < 1 ? [1, 2, 3, 4, 5, 6, 8] : decades < 2.2 ? [1, 2, 5] : [1];
  const step = Math.max(1, Math.ceil(decades / 8));
  const major: Tick[] = [];
  const minor: number[] = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++)
    for (const m of multiples) {
      const value = Number(`${m}e${k}`);
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      if (labelled.includes(m) && k % step === 0)
        major.push({
          value,
          label: m === 1 ? decadeLabel(k) : Math.abs(k) < 3 ? decimalLabel(m, k) : `${m}×10^{${minus(k)}}`,
        });
      else if (m === 1 || step === 1) minor.push(value);
    }
  return {
    kind: 'log',
    domain: [low, high],
    position: (value) => scale(Math.max(value, low)),
    value: (position) => scale.invert(position),
    major,
    minor,
  };
}

/** Decades between labels. */
const EXPONENT_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Scale for probabilities held as log10 p in [lowest, 0]: ticks 1, 0.1, 10^{-2}, ... down to 10^{-400} and beyond. */
export function exponentScale(lowest: number, range: readonly [number, number]): Scale {
  const scale = scaleLinear([lowest, 0], range).clamp(true);
  const step = EXPONENT_STEPS.find((one) => -lowest <= 9 * one) ?? Math.ceil(-lowest / 9);
  const major: Tick[] = [];
  for (let k = 0; k >= lowest; k -= step) major.push({ value: k, label: decadeLabel(k) });
  const minor: number[] = [];
  const minorStep = step <= 5 ? 1 : step / 5;
  for (let k = -minorStep; k >= lowest - 1; k -= minorStep)
    if (step > 1) minor.push(k);
    else for (let m = 2; m <= 9; m++) if (k + Math.log10(m) >= lowest) minor.push(k + Math.log10(m));
  return {
    kind: 'linear',
    domain: [lowest, 0],
    position: (value) => scale(value),
    value: (position) => scale.invert(position),
    major,
    minor: minor.filter((value) => value >= lowest),
  };
}

function safeDomain([low, high]: readonly [number, number]): [number, number] {
  if (low < high) return [low, high];
  const margin = Math.max(Math.abs(low) * 0.1, 1e-9);
  return [low - margin, low + margin];
}

function isLong(values: readonly number[]): boolean {
  const largest = Math.max(...values.map(Math.abs));
  return largest >= 1e6 || (largest < 1e-3 && largest > 0);
}

function powerLabel(value: number): string {
  if (value === 0) return '0';
  const [mantissa, exponent] = Number(value.toPrecision(6)).toExponential().split('e') as [string, string];
  const power = `10^{${minus(Number(exponent))}}`;
  return mantissa === '1' ? power : `${mantissa.replace('-', '−')}×${power}`;
}

function decadeLabel(k: number): string {
  return k === 0 ? '1' : k === 1 ? '10' : k === 2 ? '100' : k === -1 ? '0.1' : `10^{${minus(k)}}`;
}

function decimalLabel(m: number, k: number): string {
  return String(Number(`${m}e${k}`));
}

function minus(k: number): string {
  return k < 0 ? `−${-k}` : String(k);
}
