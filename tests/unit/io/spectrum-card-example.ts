/** A card of sliding-range fits for tests of cards, and how mistakes in it are told. */
import { expect } from 'vitest';
import { isDarkscanError } from '../../../src/errors.ts';
import { parseAnyCard } from '../../../src/io/card.ts';
import { cardSchema } from '../../../src/io/card-validator.generated.js';

/** It uses every part of the schema; tests change one thing at a time. */
export const SPECTRUM_CARD = `
schema: darkscan/card/1
name: test-spectra
title: "a test"
experiment: "simulation"
conditions: "#sqrt{s} = 10.58 GeV"
constants: { sqrt_s: 10.58, tail: 1.4 }
functions:
  sigma_x(x): "0.02 + 0.01*x"
scan: { kind: spectrum }
spectra:
  - name: events
    data:
      file: events.csv
      derive: { m2: "m*m" }
      select: ["q1*q2 < 0", "m < 80"]
    x: { column: m2, label: "M^{2}", unit: "GeV^{2}/c^{4}" }
    bins: { from: 1, to: 60, width: "sigma_x(x)/5" }
    hypotheses: { from: 4, to: 50, step: 0.5 }
    mass: "sqrt(x)"
    resolution: "sigma_x(x)"
    range: { half_width: 12, min_width: 2.5, clip: [1, 59], exclude: [[9.4, 9.8], [13.4, 13.7]] }
    shape: { kind: crystal-ball, low: { alpha: "tail + 0*m", n: 3 }, high: { alpha: 1.8, n: 4 } }
    background: { kind: chebyshev, degree: { rule: f-test, from: 1, to: 4, level: 0.01 } }
    peaks:
      - { name: jpsi, x: 9.59, sigma: 0.1, events: 200, error: 20 }
      - { name: psi2s, x: 13.6, sigma: 0.12, events: 30, error: 6 }
    spurious_signal: "0.5 + 0.01*x"
  - name: table
    data: { histogram: { file: counts.csv, columns: { low: lo, high: hi, count: n } } }
    x: { label: "M_{rec}^{2}" }
    hypotheses: { table: { file: points.csv, columns: { x: x0, sigma: s0 } } }
    mass: "sqrt(max(0, sqrt_s^2 - sqrt_s*x))"
    range: { half_width: 10 }
    shape: { kind: template, table: { file: shape.csv, columns: { low: a, high: b, content: w } }, scale: "0.1*x" }
    background: { kind: bernstein, degree: "2 + floor(x/50)" }
  - name: pseudo
    data: { simulate: { density: "30*exp(-x/20)", events: 5000, inject: [{ x: 20, events: 40 }] } }
    x: { label: y }
    bins: { from: 10, to: 40, width: 0.25 }
    hypotheses: { from: 15, to: 35, step: 1 }
    resolution: 0.5
    range: { half_width: 10 }
    shape: { kind: voigt, width: "0.01*x" }
    background: { kind: power-law, powers: 1, threshold: 2, end: 100, root: 0.5 }
mass: { label: "m_{a}", unit: "GeV/c^{2}" }
signal:
  poi: { name: sigma, unit: fb }
  luminosity: { value: 8.34, unit: "fb^{-1}" }
  efficiency: "0.1 + 0.01*m"
  branching: 0.9
nuisances:
  - { name: trigger, constraint: normal, on: { efficiency: 0.06 } }
  - { name: lumi, constraint: lognormal, on: { luminosity: 0.007, branching: { up: "0.01*m", down: 0.02 } } }
  - { name: scale, constraint: normal, on: { resolution: 0.1, position: "0.01*x" } }
statistics:
  limits:
    - { method: cls-asymptotic, confidence: 0.95 }
    - { method: profile, confidence: 0.9 }
    - { method: bayes, credibility: 0.9, poi_max: 1.0e+5 }
  expected: sigma
couplings:
  - { name: g, label: "g_{a#gamma#gamma}", formula: "sqrt(limit/m)" }
seed: 7
`;

/** Keys of a block of the schema, as messages list them. */
export const keysOf = (name: string): string => Object.keys(cardSchema.$defs![name].properties!).join(', ');

/** The lines of the error of a card; none when it is accepted. */
export function linesOf(text: string, parse: (text: string, source: string) => unknown = parseAnyCard): string[] {
  try {
    parse(text, 'card.yaml');
  } catch (error) {
    if (isDarkscanError(error, 'card')) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** The card with one piece of text replaced. */
export function changed(from: string, to: string, card = SPECTRUM_CARD): string {
  if (card.split(from).length !== 2) throw new Error(`'${from}' is not there exactly once`);
  return card.replace(from, () => to);
}

/** The card is refused in one line, at the text `at`, that says `expected`. */
export function expectOneLine(text: string, at: string, expected: string): void {
  const lines = linesOf(text);
  expect(lines).toHaveLength(1);
  const [, line, column, message] = /^card\.yaml:(\d+):(\d+): (.*)$/.exec(lines[0])!;
  expect(message).toBe(expected);
  expect(text.split('\n')[Number(line) - 1].slice(Number(column) - 1, Number(column) - 1 + at.length)).toBe(at);
}

/** One mistake: text of SPECTRUM_CARD, what replaces it, where the line points, what it says. */
export type Mistake = [from: string, to: string, at: string, expected: string];
