/**
 * Types of the analysis card, generated from schema/card.schema.json by scripts/make-card-types.ts: do not edit.
 * Keys, units and allowed values are described once, in the schema.
 */

/** A number, or the text of a formula (src/model/expression.ts). */
export type Formula = number | string;

/**
 * Analysis card of darkscan: of a window scan, or of sliding-range fits.
 */
export type AnyCard = Card | SpectrumCard;
/**
 * CSV, gzipped CSV, Parquet or ROOT (told apart by content), beside the card or in a folder of DARKSCAN_DATA.
 */
export type FileName = string;
/**
 * Tree of a ROOT file: 'name', 'dir/name' or 'name;cycle'; needed only if the file has several.
 */
export type TreeName = string;
/**
 * Conditions a row must all satisfy; rows rejected are counted by the first rule they fail.
 *
 * Items: Condition such as 'm < 80 && q1*q2 < 0'.
 */
export type Select = string[];
/**
 * Closed range [low, high].
 *
 * @minItems 2
 * @maxItems 2
 */
export type Range = [number, number];
/**
 * Name of the component, a target for nuisances.
 */
export type ComponentName = string;
/**
 * marginal: averaged over the background constraint; on-off: binomial test against the side band; li-ma, profile: asymptotic likelihood ratio; mid-p: half of P(N = n) counted.
 */
export type P0Method = 'marginal' | 'on-off' | 'li-ma' | 'profile' | 'marginal-mid-p' | 'on-off-mid-p';
/**
 * Several methods.
 */
export type P0Methods = P0Method[];

/**
 * Card of a window scan: data, windows, background, signal, nuisances and the statistics wanted.
 */
export interface Card {
  /**
   * Format and version of the card: darkscan/card/1.
   */
  schema: 'darkscan/card/1';
  /**
   * Short name of the analysis, lower-case letters, digits and '-'; names the run directory.
   */
  name: string;
  /**
   * Title for plots and summaries; ROOT-like markup (#mu, ^{2}) allowed.
   */
  title?: string;
  /**
   * Plot label, top left, such as 'Belle-II-like simulation'.
   */
  experiment?: string;
  /**
   * Plot label, top right, such as '#sqrt{s} = 10.58 GeV'.
   */
  conditions?: string;
  constants?: Constants;
  functions?: Functions;
  /**
   * Kind of scan: windows counts events in ellipses (2D) or intervals (1D).
   */
  scan: 'windows';
  /**
   * Events to scan: a file, or pseudo-data drawn from the background model.
   */
  data: FileData | SimulatedData;
  x: Axis;
  y?: Axis;
  /**
   * Windows to count in: a lattice from resolution functions, or a table.
   */
  windows: LatticeWindows | TableWindows;
  background: Background;
  signal: Signal;
  /**
   * Systematic uncertainties; each is one parameter, shared by all its targets and windows.
   */
  nuisances?: Nuisance[];
  statistics: Statistics;
  /**
   * Windows whose centre lies in one of these regions give expected results only, until --unblind.
   */
  blind?: BlindRegion[];
  simulation?: Simulation;
  toys?: Toys;
  /**
   * Limits converted to couplings: columns <name>_obs and <name>_exp_0.
   */
  couplings?: Coupling[];
  /**
   * Seed of pseudo-data and of the windows picked for rechecks; --seed overrides it, 1 without either.
   */
  seed?: number;
}
/**
 * Named numbers, usable in every formula.
 */
export interface Constants {
  /**
   * Value of the constant.
   */
  [k: string]: number;
}
/**
 * Named formulas with their arguments, such as 'sigma_m(m)': '0.002 + 0.00135*m', usable in every formula.
 */
export interface Functions {
  /**
   * Formula of the function, over its arguments, the constants and other functions.
   */
  [k: string]: number | string;
}
/**
 * Events read from a file.
 */
export interface FileData {
  file: FileName;
  tree?: TreeName;
  derive?: Derive;
  select?: Select;
}
/**
 * New columns, computed in the order written.
 */
export interface Derive {
  /**
   * Formula over the columns of the file and the columns derived before this one.
   */
  [k: string]: number | string;
}
/**
 * Pseudo-data, a function of the card and the seed only.
 */
export interface SimulatedData {
  /**
   * Draw pseudo-data from the background densities and `simulation`.
   */
  simulate: true;
}
/**
 * One quantity: its column, label and unit.
 */
export interface Axis {
  /**
   * Column of the file or derived column that holds the quantity.
   */
  column: string;
  /**
   * Label on plots, ROOT-like: 'M_{#mu#mu}'; the column name without it.
   */
  label?: string;
  /**
   * Unit on plots and in tables: 'GeV/c^{2}'; numbers are never rescaled.
   */
  unit?: string;
}
/**
 * Lattice of windows that follows the resolution.
 */
export interface LatticeWindows {
  resolution: Resolution;
  /**
   * Half-axes of the windows in units of the resolution: one number, or {x, y}.
   */
  half_axes: number | HalfAxes;
  /**
   * Distance between window centres in units of the resolution.
   */
  step: number;
  region: Region;
}
/**
 * Resolution of the signal as formulas of x and y, with a correlation or a rotation (not both).
 */
export interface Resolution {
  /**
   * Standard deviation of x for a signal at (x, y), in the unit of x.
   */
  x: number | string;
  /**
   * Standard deviation of y for a signal at (x, y), in the unit of y.
   */
  y?: number | string;
  /**
   * Correlation of x and y, between -1 and 1; x and y are then marginal resolutions.
   */
  correlation?: number | string;
  /**
   * Rotation in radians, counter-clockwise; x and y are then resolutions along the rotated axes.
   */
  rotation?: number | string;
}
/**
 * Half-axes in units of the resolution, different for x and y.
 */
export interface HalfAxes {
  /**
   * Factor on the resolution of x.
   */
  x: number;
  /**
   * Factor on the resolution of y.
   */
  y: number;
}
/**
 * Part of the plane: a rectangle, optionally cut by a condition.
 */
export interface Region {
  x: Range;
  y?: Range;
  /**
   * Further condition on x and y, such as 'y < x^2'.
   */
  where?: string;
}
/**
 * Windows read from a table.
 */
export interface TableWindows {
  table: WindowTable;
}
/**
 * Table with one window per row.
 */
export interface WindowTable {
  file: FileName;
  tree?: TreeName;
  /**
   * Columns: x, y, a, b, phi_deg for ellipses; x, half_width for intervals.
   */
  columns: EllipseColumns | IntervalColumns;
}
/**
 * Columns of a table of ellipses.
 */
export interface EllipseColumns {
  /**
   * Column with the centre in x.
   */
  x: string;
  /**
   * Column with the centre in y.
   */
  y: string;
  /**
   * Column with the first principal half-axis.
   */
  a: string;
  /**
   * Column with the second principal half-axis.
   */
  b: string;
  /**
   * Column with the angle of a from +x, degrees, counter-clockwise.
   */
  phi_deg: string;
}
/**
 * Columns of a table of intervals.
 */
export interface IntervalColumns {
  /**
   * Column with the centre.
   */
  x: string;
  /**
   * Column with half the width.
   */
  half_width: string;
}
/**
 * Expected background.
 */
export interface Background {
  /**
   * Parts of the background, added up: each has one of density, map, sample, side_band, control, polynomial, table.
   */
  components: (
    | DensityComponent
    | MapComponent
    | SampleComponent
    | SideBandComponent
    | ControlComponent
    | PolynomialComponent
    | TableComponent
  )[];
}
/**
 * Smooth density given by a formula.
 */
export interface DensityComponent {
  name: ComponentName;
  /**
   * Events per unit area (2D) or length (1D), a formula of x and y.
   */
  density: number | string;
  /**
   * Total over `support`, to which the density is normalised; without it the density is absolute.
   */
  events?: number;
  support?: Region;
}
/**
 * Binned map of expected events, constant density inside a bin.
 */
export interface MapComponent {
  name: ComponentName;
  map: MapFile;
}
/**
 * Table with columns x_low, x_high, y_low, y_high (2D only), events.
 */
export interface MapFile {
  file: FileName;
  tree?: TreeName;
}
/**
 * Background from simulated events.
 */
export interface SampleComponent {
  name: ComponentName;
  sample: Sample;
  /**
   * Include the statistical uncertainty of the simulated sample; true without it.
   */
  mc_stat?: boolean;
}
/**
 * Simulated events with the same x and y columns as the data.
 */
export interface Sample {
  file: FileName;
  tree?: TreeName;
  /**
   * Weight of an event, a column or a formula; 1 without it.
   */
  weight?: number | string;
  /**
   * Factor on all weights, such as the luminosity ratio; 1 without it.
   */
  scale?: number;
  derive?: Derive;
  select?: Select;
}
/**
 * Background measured in the data around each window (on-off).
 */
export interface SideBandComponent {
  name: ComponentName;
  side_band: SideBand;
}
/**
 * Events of the data counted around each window.
 */
export interface SideBand {
  /**
   * Inner edge of the band in units of the resolution; 3 without it.
   */
  inner?: number;
  /**
   * Outer edge of the band in units of the resolution; no outer edge without it (give `where`, then).
   */
  outer?: number;
  /**
   * Shape of the band: a condition on the event at x, y around a window centred at x0, y0, such as 'x < x0'; all directions without it.
   */
  where?: number | string;
  /**
   * Background in the band over background in the window: 'area', a number or formula of x and y of the window centre, or the ratio of a density.
   */
  tau: number | string | DensityRatio;
  /**
   * Signal in the band over signal in the window: 'gaussian' (default of lattices), or a number or formula of x and y of the window centre; 0 without it for windows from a table.
   */
  leak?: number | string;
}
/**
 * tau as the integral of a density over the band divided by that over the window.
 */
export interface DensityRatio {
  /**
   * Shape of the background, a formula of x and y; its normalisation does not matter.
   */
  density: number | string;
}
/**
 * Background measured in a control sample.
 */
export interface ControlComponent {
  name: ComponentName;
  control: ControlSample;
}
/**
 * Events of another selection, counted in the same windows and scaled by a transfer factor.
 */
export interface ControlSample {
  /**
   * CSV, gzipped CSV, Parquet or ROOT (told apart by content), beside the card or in a folder of DARKSCAN_DATA.
   */
  file?: string;
  tree?: TreeName;
  derive?: Derive;
  select?: Select;
  /**
   * Transfer factor: background in the window over events of the control sample in the window, a number or formula of x and y. Its uncertainty is a nuisance on this component.
   */
  transfer: number | string;
}
/**
 * Background from a polynomial fitted in side bands.
 */
export interface PolynomialComponent {
  name: ComponentName;
  polynomial: Polynomial;
}
/**
 * Polynomial fitted to the data beside each window (1D), integrated over the window.
 */
export interface Polynomial {
  /**
   * Degree of the polynomial.
   */
  degree: number;
  /**
   * Where it is fitted, the same for all windows; the part inside a window is left out.
   */
  ranges?: Range[];
  /**
   * Instead of ranges: inner edge of the bands in units of the resolution; 3 without it.
   */
  inner?: number;
  /**
   * Instead of ranges: outer edge of the bands in units of the resolution.
   */
  outer?: number;
  /**
   * Width of the bins of the fit, a number or formula of x of the window centre; whole bins are laid from the window outwards.
   */
  bin_width: number | string;
  /**
   * Expected events of a bin: integral of the polynomial over it (without it), or its value at the centre times the width, as some published fits take it.
   */
  bin_content?: 'integral' | 'centre';
}
/**
 * Background given from outside, one number per window.
 */
export interface TableComponent {
  name: ComponentName;
  table: BackgroundTable;
}
/**
 * Table with one row per window.
 */
export interface BackgroundTable {
  file: FileName;
  tree?: TreeName;
  columns: BackgroundColumns;
}
/**
 * Columns of a background table.
 */
export interface BackgroundColumns {
  /**
   * Column with the expected events.
   */
  bkg: string;
  /**
   * Column with their absolute uncertainty.
   */
  bkg_err?: string;
  /**
   * Column with the number of the window; window order without it.
   */
  id?: string;
}
/**
 * Expected signal: POI * luminosity * efficiency * branching.
 */
export interface Signal {
  poi: Poi;
  luminosity?: Luminosity;
  /**
   * Probability that a signal event at the window centre ends INSIDE the window: number, formula of x and y, or table.
   */
  efficiency: number | string | EfficiencyTable;
  /**
   * Branching fraction, number or formula of x and y; 1 without it.
   */
  branching?: number | string;
}
/**
 * Parameter of interest.
 */
export interface Poi {
  /**
   * Name on plots, ROOT-like: 'sigma', 'mu' or 'S'.
   */
  name: string;
  /**
   * Unit: 'fb' for a cross section, 'events' for a yield.
   */
  unit: string;
}
/**
 * Integrated luminosity.
 */
export interface Luminosity {
  /**
   * Integrated luminosity.
   */
  value: number;
  /**
   * Unit: 'fb^{-1}', the inverse of the unit of the POI.
   */
  unit: string;
}
/**
 * Efficiency from a table.
 */
export interface EfficiencyTable {
  table: EfficiencyFile;
}
/**
 * Efficiency on a rectangular grid, interpolated linearly.
 */
export interface EfficiencyFile {
  file: FileName;
  tree?: TreeName;
  columns: EfficiencyColumns;
}
/**
 * Columns of an efficiency table.
 */
export interface EfficiencyColumns {
  /**
   * Column with x of the grid point.
   */
  x: string;
  /**
   * Column with y of the grid point (2D).
   */
  y?: string;
  /**
   * Column with the efficiency.
   */
  efficiency: string;
}
/**
 * Systematic uncertainty.
 */
export interface Nuisance {
  /**
   * Name of the parameter; all it acts on is in one entry.
   */
  name: string;
  /**
   * normal: 1 + r z; lognormal: exp(z ln(1+r)), median nominal; gamma: shape 1/r^2, mean nominal.
   */
  constraint: 'normal' | 'lognormal' | 'gamma';
  on: NuisanceTargets;
}
/**
 * Targets: background, the name of a component, efficiency, luminosity, branching.
 */
export interface NuisanceTargets {
  /**
   * Signed relative size, number or formula of x and y, or {up, down}.
   */
  [k: string]: number | string | UpDown;
}
/**
 * Asymmetric relative size.
 */
export interface UpDown {
  /**
   * Relative size for positive values of the parameter.
   */
  up: number | string;
  /**
   * Relative size for negative values of the parameter.
   */
  down: number | string;
}
/**
 * Statistics wanted; levels are always stated.
 */
export interface Statistics {
  /**
   * Method of the local p-value, or a list; the first one ranks the windows.
   */
  p0: P0Method | P0Methods;
  /**
   * Upper limits to compute; an empty list for none.
   */
  limits: (BayesLimit | ClsLimit | ProfileLimit)[];
  /**
   * Expected quantiles: percent 2.5, 16, 50, 84, 97.5 (default) or sigma 2.28, 15.87, 50, 84.13, 97.72.
   */
  expected?: 'percent' | 'sigma';
}
/**
 * Bayesian upper limit.
 */
export interface BayesLimit {
  /**
   * bayes: flat prior on the POI between 0 and poi_max.
   */
  method: 'bayes';
  /**
   * Credibility of the upper limit, between 0 and 1, such as 0.9; there is no default.
   */
  credibility: number;
  /**
   * End of the flat prior, in the unit of the POI; .inf only with lognormal or gamma signal uncertainties.
   */
  poi_max: number | 'inf';
}
/**
 * Exact CLs limit of a counting experiment with known background.
 */
export interface ClsLimit {
  /**
   * cls-exact: P(N <= n | s + b) / P(N <= n | b) = 1 - confidence; the background must be known exactly.
   */
  method: 'cls-exact';
  /**
   * Confidence level of the upper limit, between 0 and 1, such as 0.95; there is no default.
   */
  confidence: number;
}
/**
 * Profile-likelihood upper limit.
 */
export interface ProfileLimit {
  /**
   * profile: one-sided limit where the profile likelihood has fallen (2 d lnL = 2.71 at 95 %).
   */
  method: 'profile';
  /**
   * Confidence level of the upper limit, between 0 and 1, such as 0.95; there is no default.
   */
  confidence: number;
}
/**
 * Rectangle (2D) or range (1D) kept blind.
 */
export interface BlindRegion {
  x: Range;
  y?: Range;
  /**
   * Let side bands and polynomials take the background from this region all the same; false without it.
   */
  in_bands?: boolean;
}
/**
 * What pseudo-data contain beside the background.
 */
export interface Simulation {
  /**
   * Signals to add.
   */
  inject?: Injection[];
}
/**
 * Signal added to the pseudo-data, smeared by the resolution.
 */
export interface Injection {
  /**
   * True x of the signal.
   */
  x: number;
  /**
   * True y of the signal (2D).
   */
  y?: number;
  /**
   * Expected number of signal events.
   */
  events: number;
}
/**
 * Pseudo-experiments for the look-elsewhere effect.
 */
export interface Toys {
  /**
   * predictive (default for marginal p0): true nuisances drawn from their constraints in every toy; auxiliary (default for all others): true nuisances nominal, their auxiliary measurements thrown and used; fixed: nothing varies. Side bands and control samples are counted in the toy's own events in all of them.
   */
  ensemble?: 'predictive' | 'auxiliary' | 'fixed';
  /**
   * Joint draws of what changes the shape of the background (nuisances that vary over the plane, simulation statistics), or of auxiliary measurements, that toys share; 64 without it.
   */
  scenarios?: number;
  density?: ToyDensities;
}
/**
 * Event densities of components, by name.
 */
export interface ToyDensities {
  /**
   * Event density: 'windows' (expected background of a window over its area, the mean where windows overlap, around them that of the nearest), or a block with `density` or `map`.
   */
  [k: string]: 'windows' | DensityOfToys | MapOfToys;
}
/**
 * Smooth density given by a formula.
 */
export interface DensityOfToys {
  /**
   * Events per unit area (2D) or length (1D), a formula of x and y.
   */
  density: number | string;
  /**
   * Total over `support`, to which the density is normalised; without it the density is absolute.
   */
  events?: number;
  support?: Region;
}
/**
 * Binned map of expected events, constant density inside a bin.
 */
export interface MapOfToys {
  map: MapFile;
}
/**
 * Limit on a derived coupling.
 */
export interface Coupling {
  /**
   * Name, the stem of the result columns.
   */
  name: string;
  /**
   * Label on plots, ROOT-like; the name without it.
   */
  label?: string;
  /**
   * Formula of `limit` (in the unit of the POI), x and y.
   */
  formula: number | string;
}
/**
 * Card of sliding-range fits: signal plus smooth background, fitted at every mass.
 */
export interface SpectrumCard {
  /**
   * Format and version of the card: darkscan/card/1.
   */
  schema: 'darkscan/card/1';
  /**
   * Short name of the analysis, lower-case letters, digits and '-'; names the run directory.
   */
  name: string;
  /**
   * Title for plots and summaries; ROOT-like markup (#mu, ^{2}) allowed.
   */
  title?: string;
  /**
   * Plot label, top left, such as 'Belle-II-like simulation'.
   */
  experiment?: string;
  /**
   * Plot label, top right, such as '#sqrt{s} = 10.58 GeV'.
   */
  conditions?: string;
  constants?: Constants;
  functions?: Functions;
  scan: SpectrumScan;
  /**
   * Spectra to scan, in the order of the mass: one, or several where different variables are used in different parts of the mass range.
   */
  spectra: SpectrumBlock[];
  mass?: MassAxis;
  signal: SpectrumSignal;
  /**
   * Systematic uncertainties of the signal; each is one parameter.
   */
  nuisances?: SpectrumNuisance[];
  statistics: SpectrumStatistics;
  /**
   * Hypotheses with a mass in one of these ranges give expected limits only, until --unblind; events near them are not shown.
   */
  blind?: BlindMasses[];
  /**
   * Limits converted to couplings: columns <name>_obs and <name>_exp_0.
   */
  couplings?: SpectrumCoupling[];
  /**
   * Seed of pseudo-data and of toys; --seed overrides it, 1 without either.
   */
  seed?: number;
}
/**
 * Kind of scan: {kind: spectrum}.
 */
export interface SpectrumScan {
  /**
   * spectrum: extended likelihood fits in sliding ranges of binned spectra.
   */
  kind: 'spectrum';
}
/**
 * One spectrum: its data, the masses tried in it, the fit range and the model.
 */
export interface SpectrumBlock {
  /**
   * Name of the component, a target for nuisances.
   */
  name?: string;
  /**
   * Events to bin, a table of counts, or pseudo-data.
   */
  data: FileData | HistogramData | SimulatedSpectrum;
  x: SpectrumAxis;
  /**
   * Bins of events and of pseudo-data, or none; a binned table has its own.
   */
  bins?: Bins | Unbinned;
  /**
   * Positions of the signal that are tried.
   */
  hypotheses: SteppedHypotheses | TableHypotheses;
  /**
   * Mass of the particle for a signal at x, such as sqrt(x) where the variable is a squared mass; x without it. Usable as m in the other formulas.
   */
  mass?: number | string;
  /**
   * Standard deviation of x for a signal at x, formula of x and m; with a table of hypotheses that has a column sigma, leave it out.
   */
  resolution?: number | string;
  range: FitRange;
  /**
   * Shape of the signal; its width is the resolution.
   */
  shape: GaussianShape | CrystalBallShape | VoigtShape | TemplateShape;
  /**
   * Smooth background, fitted anew in every range.
   */
  background: PolynomialBackground | ExponentialBackground | PowerLawBackground;
  /**
   * Peaking backgrounds with constrained yields.
   */
  peaks?: PeakingBackground[];
  /**
   * Standard deviation of the bias of the fitted signal yield (events), formula of x and m: a Gaussian constrained yield on top of the signal.
   */
  spurious_signal?: number | string;
}
/**
 * Binned table: low edge, high edge, count.
 */
export interface HistogramData {
  histogram: HistogramFile;
}
/**
 * Table with one bin per row, in ascending order.
 */
export interface HistogramFile {
  file: FileName;
  tree?: TreeName;
  columns: HistogramColumns;
}
/**
 * Columns of a binned table.
 */
export interface HistogramColumns {
  /**
   * Column with the lower edge of the bins.
   */
  low: string;
  /**
   * Column with the upper edge of the bins.
   */
  high: string;
  /**
   * Column with the observed events (whole numbers).
   */
  count: string;
}
/**
 * Pseudo-data, a function of the card and the seed only.
 */
export interface SimulatedSpectrum {
  simulate: SpectrumDensity;
}
/**
 * What pseudo-data are drawn from.
 */
export interface SpectrumDensity {
  /**
   * Expected background events per unit of x, formula of x.
   */
  density: number | string;
  /**
   * Total in the bins, to which the density is normalised; without it the density is absolute.
   */
  events?: number;
  /**
   * Signals to add.
   */
  inject?: SpectrumInjection[];
}
/**
 * Signal added to the pseudo-data, with the shape of the card.
 */
export interface SpectrumInjection {
  /**
   * True position of the signal.
   */
  x: number;
  /**
   * Expected number of signal events.
   */
  events: number;
}
/**
 * The variable of a spectrum.
 */
export interface SpectrumAxis {
  /**
   * Column of the file or derived column that holds the quantity; needed for events.
   */
  column?: string;
  /**
   * Label on plots, ROOT-like: 'M_{#gamma#gamma}'; the column name without it.
   */
  label?: string;
  /**
   * Unit on plots and in tables: 'GeV/c^{2}'; numbers are never rescaled.
   */
  unit?: string;
}
/**
 * Bins of events and of pseudo-data; a binned table has its own.
 */
export interface Bins {
  /**
   * Lower edge of the first bin.
   */
  from: number;
  /**
   * End of the bins: the last one ends there or is left out.
   */
  to: number;
  /**
   * Width of a bin whose lower edge is x, number or formula of x, such as sigma(x)/5.
   */
  width: number | string;
}
/**
 * Events without bins, for small samples.
 */
export interface Unbinned {
  /**
   * Lower end of the events.
   */
  from: number;
  /**
   * Upper end of the events.
   */
  to: number;
  /**
   * Unbinned likelihood for S and Z; limits, toys and figures use bins of an eighth of the resolution.
   */
  unbinned: true;
}
/**
 * Positions in steps of the resolution.
 */
export interface SteppedHypotheses {
  /**
   * First position of the signal.
   */
  from: number;
  /**
   * Last position of the signal.
   */
  to: number;
  /**
   * Distance between neighbours in units of the resolution, such as 0.5.
   */
  step: number;
}
/**
 * Positions read from a table.
 */
export interface TableHypotheses {
  table: HypothesisTable;
}
/**
 * Table with one hypothesis per row.
 */
export interface HypothesisTable {
  file: FileName;
  tree?: TreeName;
  columns: HypothesisColumns;
}
/**
 * Columns of a table of hypotheses.
 */
export interface HypothesisColumns {
  /**
   * Column with the position of the signal, ascending.
   */
  x: string;
  /**
   * Column with the resolution; the formula `resolution` without it.
   */
  sigma?: string;
}
/**
 * Which bins are fitted for a hypothesis.
 */
export interface FitRange {
  /**
   * The range is x +- half_width resolutions, whole bins.
   */
  half_width: number;
  /**
   * Full width in units of x below which no range falls; 0 without it.
   */
  min_width?: number;
  clip?: Range;
  /**
   * Vetoed regions: bins that reach into one are left out, and the range goes on behind it.
   */
  exclude?: Range[];
}
/**
 * Gaussian signal.
 */
export interface GaussianShape {
  /**
   * gaussian: normal distribution of width `resolution`.
   */
  kind: 'gaussian';
}
/**
 * Crystal Ball signal, one- or two-sided.
 */
export interface CrystalBallShape {
  /**
   * crystal-ball: Gaussian core with a power-law tail on one side or both.
   */
  kind: 'crystal-ball';
  low?: CrystalBallTail;
  high?: CrystalBallTail;
}
/**
 * Tail of a Crystal Ball.
 */
export interface CrystalBallTail {
  /**
   * Where the power law starts, in resolutions from the peak; formula of x and m.
   */
  alpha: number | string;
  /**
   * Its power, above 1; formula of x and m.
   */
  n: number | string;
}
/**
 * Voigt signal.
 */
export interface VoigtShape {
  /**
   * voigt: Breit-Wigner convolved with a Gaussian of width `resolution`.
   */
  kind: 'voigt';
  /**
   * Full width at half maximum of the Breit-Wigner, in units of x; formula of x and m.
   */
  width: number | string;
}
/**
 * Signal from a histogram.
 */
export interface TemplateShape {
  /**
   * template: a histogram of simulated signal, moved to x.
   */
  kind: 'template';
  table: TemplateFile;
  /**
   * Factor on its edges, formula of x and m, such as the resolution for edges in resolutions; 1 without it.
   */
  scale?: number | string;
}
/**
 * Histogram of simulated signal, one bin per row.
 */
export interface TemplateFile {
  file: FileName;
  tree?: TreeName;
  columns: TemplateColumns;
}
/**
 * Columns of a signal template.
 */
export interface TemplateColumns {
  /**
   * Column with the lower edge, relative to the peak.
   */
  low: string;
  /**
   * Column with the upper edge; each bin starts where the one before ends.
   */
  high: string;
  /**
   * Column with the content, of any scale.
   */
  content: string;
}
/**
 * Polynomial background.
 */
export interface PolynomialBackground {
  /**
   * chebyshev, bernstein: polynomials of this degree in the range.
   */
  kind: 'chebyshev' | 'bernstein';
  /**
   * Degree 0 to 7, a formula of x and m (rounded down), or a rule that chooses it in every range.
   */
  degree: number | string | OrderChoice;
}
/**
 * Degree or number of powers chosen in each range by a rule, from the fits without signal.
 */
export interface OrderChoice {
  /**
   * f-test: one more coefficient while the likelihood ratio is significant; aic, bic: smallest information criterion.
   */
  rule: 'f-test' | 'aic' | 'bic';
  /**
   * Lowest degree (number of powers) tried.
   */
  from: number;
  /**
   * Highest degree (number of powers) tried.
   */
  to: number;
  /**
   * f-test: p-value below which one more coefficient is taken; 0.05 without it.
   */
  level?: number;
}
/**
 * Exponential background.
 */
export interface ExponentialBackground {
  /**
   * exponential: exp(polynomial of x).
   */
  kind: 'exponential';
  /**
   * Degree of the polynomial, 0 to 7, or a rule that chooses it in every range.
   */
  degree: number | OrderChoice;
}
/**
 * Power-law background.
 */
export interface PowerLawBackground {
  /**
   * power-law: x^(c1 + c2 ln x + ...), times (x - threshold)^c, times (1 - (x/end)^root)^c.
   */
  kind: 'power-law';
  /**
   * Number of exponents c1, c2, ..., 1 to 3, or a rule that chooses it in every range.
   */
  powers: number | OrderChoice;
  /**
   * Threshold below which there is no background.
   */
  threshold?: number;
  /**
   * End of phase space, such as sqrt(s).
   */
  end?: number;
  /**
   * Power of x/end, above 0 and at most 1; 1 without it (di-jet function), 1/3 for the di-photon one.
   */
  root?: number;
}
/**
 * Gaussian background peak, such as a known resonance.
 */
export interface PeakingBackground {
  /**
   * Name of the component, a target for nuisances.
   */
  name: string;
  /**
   * Its position.
   */
  x: number;
  /**
   * Its standard deviation (Gaussian).
   */
  sigma: number;
  /**
   * Expected yield over all x.
   */
  events: number;
  /**
   * Uncertainty of the yield, a Gaussian constraint.
   */
  error: number;
}
/**
 * Words for the mass, where the spectra compute it; those of the variable without it.
 */
export interface MassAxis {
  /**
   * Label on plots, ROOT-like: 'm_{a}'.
   */
  label?: string;
  /**
   * Unit: 'GeV/c^{2}'.
   */
  unit?: string;
}
/**
 * Expected signal: POI * luminosity * efficiency * branching is the yield over all x.
 */
export interface SpectrumSignal {
  poi: Poi;
  luminosity?: Luminosity;
  /**
   * Probability that a signal event is in the spectrum, formula of x and m; 1 without it.
   */
  efficiency?: number | string;
  /**
   * Branching fraction, formula of x and m; 1 without it.
   */
  branching?: number | string;
}
/**
 * Systematic uncertainty of the signal.
 */
export interface SpectrumNuisance {
  /**
   * Name of the parameter; all it acts on is in one entry.
   */
  name: string;
  /**
   * normal: 1 + r z; lognormal: exp(z ln(1+r)), median nominal; gamma: shape 1/r^2, mean nominal.
   */
  constraint: 'normal' | 'lognormal' | 'gamma';
  on: SpectrumTargets;
}
/**
 * Targets: efficiency, luminosity, branching, resolution, position.
 */
export interface SpectrumTargets {
  /**
   * Relative size on the efficiency, number or formula of x and m, or {up, down}.
   */
  efficiency?: number | string | UpDown;
  /**
   * Relative size on the luminosity.
   */
  luminosity?: number | string | UpDown;
  /**
   * Relative size on the branching fraction.
   */
  branching?: number | string | UpDown;
  /**
   * Relative size on the resolution (constraint normal).
   */
  resolution?: number | string;
  /**
   * Size on the position of the signal, in units of x (constraint normal).
   */
  position?: number | string;
}
/**
 * Statistics wanted; p0 is that of the profile likelihood ratio q0.
 */
export interface SpectrumStatistics {
  /**
   * Upper limits to compute; an empty list for none.
   */
  limits: (AsymptoticClsLimit | ProfileLimit | BayesLimit)[];
  /**
   * Expected quantiles: percent 2.5, 16, 50, 84, 97.5 (default) or sigma 2.28, 15.87, 50, 84.13, 97.72.
   */
  expected?: 'percent' | 'sigma';
}
/**
 * Asymptotic CLs limit.
 */
export interface AsymptoticClsLimit {
  /**
   * cls-asymptotic: CLs with the asymptotic distributions of q~ (arXiv:1007.1727), with expected bands.
   */
  method: 'cls-asymptotic';
  /**
   * Confidence level of the upper limit, between 0 and 1, such as 0.95; there is no default.
   */
  confidence: number;
}
/**
 * Range of masses of the particle kept blind, ends included.
 */
export interface BlindMasses {
  mass: Range;
}
/**
 * Limit on a derived coupling.
 */
export interface SpectrumCoupling {
  /**
   * Name, the stem of the result columns.
   */
  name: string;
  /**
   * Label on plots, ROOT-like; the name without it.
   */
  label?: string;
  /**
   * Formula of `limit` (in the unit of the POI), x and m.
   */
  formula: number | string;
}
