/** A card that uses every part of the schema; tests change one thing at a time. */
export const GOOD_CARD = `
schema: darkscan/card/1
name: test-card
title: "a test"
experiment: "simulation"
conditions: "#sqrt{s} = 10.58 GeV"
constants: { sqrt_s: 10.58, m_mu: 0.1056583755 }
functions:
  sigma_m(m): "0.0020 + 0.00135*m + 0.00024*m^2"
  two(a, b): "a + b"
scan: windows
data:
  file: events.csv
  derive: { m_rec2: "sqrt_s^2 + m^2 - 2*sqrt_s*e_mumu" }
  select: ["q1*q2 < 0", "m < 80"]
x: { column: m, label: "M_{#mu#mu}", unit: "GeV/c^{2}" }
y: { column: m_rec2, label: "M_{rec}^{2}", unit: "GeV^{2}/c^{4}" }
windows:
  resolution: { x: "sigma_m(x)", y: 0.3, correlation: "-0.9" }
  half_axes: { x: 2, y: 3 }
  step: 2.7
  region: { x: [1.65, 10.51], y: [0, 80], where: "y < x^2" }
background:
  components:
    - { name: mumu, density: "exp(-x)", events: 1200, support: { x: [0, 11], y: [-1, 90], where: "y < 90" } }
    - { name: tautau, map: { file: map.csv } }
    - { name: mc, sample: { file: mc.csv, weight: w, scale: 0.1, derive: { m2: "m*m" }, select: ["m2 > 0"] }, mc_stat: true }
    - { name: band, side_band: { inner: 3, outer: 6, tau: area } }
    - { name: given, table: { file: bkg.csv, columns: { bkg: b, bkg_err: db } } }
signal:
  poi: { name: sigma, unit: fb }
  luminosity: { value: 8.34, unit: "fb^{-1}" }
  efficiency: "0.17 - 0.01*x"
  branching: 1
nuisances:
  - { name: trigger, constraint: normal, on: { efficiency: 0.06 } }
  - { name: lumi, constraint: lognormal, on: { luminosity: 0.007, mumu: "0.01*x" } }
  - { name: tau_suppression, constraint: normal, on: { background: { up: 0.22, down: 0.20 } } }
statistics:
  p0: [marginal]
  limits: [{ method: bayes, credibility: 0.9, poi_max: 1.0e+5 }]
  expected: percent
blind: [{ x: [4, 5], y: [0, 10] }]
simulation: { inject: [{ x: 6.5, y: 2.0, events: 12 }] }
couplings:
  - { name: eps2, label: "#epsilon^{2}", formula: "limit / xs_dark_higgsstrahlung(x, sqrt(max(y, 0)), sqrt_s)" }
seed: 7
`;
