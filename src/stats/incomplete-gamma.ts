/**
 * Regularised incomplete gamma functions P(a, x) + Q(a, x) = 1 and their logarithms.
 *
 * One tail is computed directly as exp(exponent) * factor, never as a difference, and the other as its complement:
 *   Temme's expansion   a >= 30 and x near a     (temme.ts)
 *   series for P        x < a + 1                P = D sum_k x^k / ((a+1)...(a+k)),  D = x^a e^-x / Gamma(a+1)
 *   series for Q        a < 1 and x < 1.1        Q = -expm1(L) - e^L a sum_k (-x)^k / (k! (a+k)),  e^L = x^a / Gamma(a+1)
 *   finite sum          whole a < 30             Q = D a/x (1 + (a-1)/x (1 + (a-2)/x (...)))
 *   continued fraction  otherwise                Q = D a / (x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - ...)))
 * Relative error of P and Q below 1e-12 (a up to 1e6, either tail down to 1e-300), of the logarithms below 1e-14 beyond
 * that; where the condition of the problem itself allows it (tests/unit/stats/gamma.test.ts).
 */
import { convergenceError, domainError } from './domain.ts';
import { bd0 } from './deviance.ts';
import { erfcx } from './erf.ts';
import { lnGammaOnePlus } from './ln-gamma.ts';
import { lnPoissonDensity } from './poisson-density.ts';
import { exp, expm1, log, log1p } from './portable.ts';
import { temmeSum } from './temme.ts';

const MAX_TERMS = 100_000;
const ROUND_OFF = 1.2e-16;

/** Lower tail P(a, x) = P(Gamma(shape a) <= x), and P(N >= a | mean x) for Poisson N and whole a. */
export function gammaP(a: number, x: number): number {
  if (isEdge(a, x)) return edgeP(a, x);
  return computeTail(a, x) ? 1 - tailValue() : tailValue();
}

/** Upper tail Q(a, x) = 1 - P(a, x), and P(N < a | mean x) for Poisson N and whole a. */
export function gammaQ(a: number, x: number): number {
  if (isEdge(a, x)) return 1 - edgeP(a, x);
  return computeTail(a, x) ? tailValue() : 1 - tailValue();
}

/** ln P(a, x), also where P underflows or is next to 1. */
export function lnGammaP(a: number, x: number): number {
  if (isEdge(a, x)) return log(edgeP(a, x));
  return computeTail(a, x) ? log1p(-tailValue()) : lnTailValue();
}

/** ln Q(a, x), also where Q underflows or is next to 1. */
export function lnGammaQ(a: number, x: number): number {
  if (isEdge(a, x)) return log(1 - edgeP(a, x));
  return computeTail(a, x) ? lnTailValue() : log1p(-tailValue());
}

function isEdge(a: number, x: number): boolean {
  return !(a > 0 && a < Infinity && x > 0 && x < Infinity);
}

/** P at a = 0 (all mass at 0), x = 0 or x = Infinity. */
function edgeP(a: number, x: number): number {
  if (!(a >= 0 && a < Infinity && x >= 0))
    throw domainError(`incomplete gamma(a=${a}, x=${x})`, 'finite a >= 0 and x >= 0');
  return a === 0 || x === Infinity ? 1 : 0;
}

/** The tail computed last: value = exp(tail[0]) * tail[1]. A typed array, because V8 boxes every write to a `let`. */
const tail = new Float64Array(2);

function tailValue(): number {
  return exp(tail[0]) * tail[1];
}

function lnTailValue(): number {
  return tail[0] + log(tail[1]);
}

/** Fills `tail` with Q and returns true, or with P and returns false. */
function computeTail(a: number, x: number): boolean {
  if (a >= 30) {
    const deviance = bd0(a, x);
    if (deviance <= 0.18 * a) return temme(a, x, deviance);
  }
  if (a < 1 && x < 1.1) {
    tail[0] = 0;
    tail[1] = upperSeries(a, x);
    if (tail[1] < 0.5) return true; // else P is the smaller one
  }
  tail[0] = lnPoissonDensity(a, x);
  if (x < a + 1) {
    tail[1] = lowerSeries(a, x);
    return false;
  }
  tail[1] = a < 30 && Number.isInteger(a) ? upperSum(a, x) : a * upperFraction(a, x);
  return true;
}

function temme(a: number, x: number, deviance: number): boolean {
  const upper = x >= a;
  const size = Math.sqrt((2 * deviance) / a);
  const correction = temmeSum(a, upper ? size : -size) / Math.sqrt(6.283185307179586 * a);
  tail[0] = -deviance;
  tail[1] = 0.5 * erfcx(Math.sqrt(deviance)) + (upper ? correction : -correction);
  return upper;
}

function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < MAX_TERMS; k++) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * ROUND_OFF) return sum;
  }
  throw convergenceError(`gammaP(${a}, ${x})`, MAX_TERMS);
}

/** Q/D for whole a: a/x (1 + (a-1)/x (1 + (a-2)/x (...))), the Poisson probabilities of a-1, a-2, ..., 0 summed. */
function upperSum(a: number, x: number): number {
  const inverse = 1 / x;
  let term = a * inverse;
  let sum = term;
  for (let k = a - 1; k > 0 && term > sum * ROUND_OFF; k--) {
    term *= k * inverse;
    sum += term;
  }
  return sum;
}

function upperSeries(a: number, x: number): number {
  const lnPower = a * log(x) - lnGammaOnePlus(a);
  let term = 1;
  let sum = 0;
  for (let k = 1; k < MAX_TERMS; k++) {
    term *= -x / k;
    const next = sum + term / (a + k);
    if (next === sum) return -expm1(lnPower) - exp(lnPower) * a * sum;
    sum = next;
  }
  throw convergenceError(`gammaQ(${a}, ${x})`, MAX_TERMS);
}

/** The fraction by the modified Lentz algorithm; all partial denominators are positive for x >= a + 1. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let k = 1; k < MAX_TERMS; k++) {
    const numerator = k * (a - k);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < ROUND_OFF) return value;
  }
  throw convergenceError(`gammaQ(${a}, ${x})`, MAX_TERMS);
}
