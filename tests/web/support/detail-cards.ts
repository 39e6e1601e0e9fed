/** Small cards with something to look into: windows of a plane, some of them blind, and a spectrum with a bump. */

export const WINDOWS_CARD = `schema: darkscan/card/1
name: plane
scan: windows
data: { simulate: true }
x: { column: m, label: 'M_{#mu#mu}', unit: 'GeV/c^{2}' }
y: { column: r, label: 'M_{rec}^{2}', unit: 'GeV^{2}/c^{4}' }
windows:
  resolution: { x: 0.1, y: 0.5, correlation: -0.5 }
  half_axes: 2
  step: 2
  region: { x: [1, 2], y: [0, 5] }
blind: [{ x: [1.7, 2.1], y: [-1, 6] }]
background:
  components: [{ name: flat, density: 100, support: { x: [0, 3], y: [-2, 7] } }]
signal: { poi: { name: '#sigma', unit: fb }, luminosity: { value: 10, unit: 'fb^{-1}' }, efficiency: 0.5 }
nuisances: [{ name: eff, constraint: lognormal, on: { efficiency: 0.1 } }]
statistics: { p0: marginal, limits: [{ method: bayes, credibility: 0.9, poi_max: 1000 }], expected: percent }
`;

export const SPECTRUM_CARD = `schema: darkscan/card/1
name: bump
scan: { kind: spectrum }
spectra:
  - data:
      simulate:
        density: '20'
        inject: [{ x: 15, events: 60 }]
    x: { column: m, label: m, unit: GeV }
    bins: { from: 0, to: 30, width: 0.5 }
    hypotheses: { from: 11, to: 19, step: 1 }
    resolution: 1
    shape: { kind: gaussian }
    range: { half_width: 10 }
    background: { kind: chebyshev, degree: 1 }
signal: { poi: { name: S, unit: events }, efficiency: 1 }
statistics: { limits: [{ method: cls-asymptotic, confidence: 0.95 }], expected: sigma }
`;
