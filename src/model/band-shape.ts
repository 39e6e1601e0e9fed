/**
 * Where the events of a side band may lie: between `inner` and `outer` resolutions around a window, inside
 * windows.region, outside blind regions, where the condition of the card holds. Counting asks event by event, integrals
 * ask along rays; both ask here.
 */
import { DarkscanError } from '../errors.ts';
import { blindInBands, isBlind } from './blind.ts';
import type { BlindRegion, Card, SideBand } from './card.ts';
import { compileCondition, type Condition } from './condition.ts';
import { compileExpression, type Expression, type Scope } from './expression.ts';
import { compileBounds, type BoundsOf } from './formula-bounds.ts';
import { makeRegion, planeVariables, type Region } from './region.ts';

/** The default of `inner`, in units of the resolution. */
export const DEFAULT_INNER = 3;

/** Part of the plane (or line) cut out of an annulus or of a window. */
export interface Cut {
  readonly is2D: boolean;
  /** Undefined for windows from a table: no box. */
  readonly region?: Region;
  /** `where` of the region. */
  readonly regionCondition?: Expression;
  readonly regionBounds?: BoundsOf;
  readonly blind: readonly BlindRegion[];
  readonly condition?: Condition;
  readonly conditionBounds?: BoundsOf;
  /** Place of the condition in the card, for messages. */
  readonly conditionPlace: string;
}

export interface BandShape extends Cut {
  readonly inner: number;
  /** Infinity: up to the edge of the region. */
  readonly outer: number;
}

/** Variables of the condition of a band. */
export function bandVariables(is2D: boolean): readonly string[] {
  return is2D ? ['x', 'y', 'x0', 'y0'] : ['x', 'x0'];
}

/** @param where path of the side band in the card. Errors of kind card. */
export function makeBandShape(card: Card, band: SideBand, where: string, scope: Scope): BandShape {
  const is2D = card.y !== undefined;
  const conditionPlace = `${where}.where`;
  return {
    is2D,
    ...regionOf(card, is2D, scope),
    blind: blindInBands(card.blind),
    conditionPlace,
    ...conditionOf(band, is2D, scope, conditionPlace),
    inner: band.inner ?? DEFAULT_INNER,
    outer: band.outer ?? Infinity,
  };
}

/** The part of a window in which background can be: its events count wherever they are, blind or not. */
export function windowCut({ is2D, region, regionCondition, regionBounds, conditionPlace }: BandShape): Cut {
  return { is2D, region, regionCondition, regionBounds, blind: [], conditionPlace };
}

export function compileBandCondition(formula: string | number, is2D: boolean, scope: Scope, where: string): Condition {
  return compileCondition(formula, bandVariables(is2D), scope, where);
}

function conditionOf(band: SideBand, is2D: boolean, scope: Scope, where: string) {
  if (band.where === undefined) return {};
  const condition = compileBandCondition(band.where, is2D, scope, where);
  return { condition, conditionBounds: compileBounds(condition.text, bandVariables(is2D), scope, where) };
}

function regionOf(card: Card, is2D: boolean, scope: Scope) {
  if ('table' in card.windows) return {};
  const spec = card.windows.region;
  const region = makeRegion(spec, is2D, scope, 'windows.region');
  if (spec.where === undefined) return { region };
  const place = 'windows.region.where';
  const regionCondition = compileExpression(spec.where, planeVariables(is2D), scope, place);
  return {
    region,
    regionCondition,
    regionBounds: compileBounds(regionCondition.text, planeVariables(is2D), scope, place),
  };
}

/** Inside the region and not blind: what holds for events whatever the window. */
export function isAllowed({ region, blind }: Cut, x: number, y: number): boolean {
  return (region === undefined || region.contains(x, y)) && !(blind.length > 0 && isBlind(blind, x, y));
}

/** Points of one call of the conditions, each with the centre of its window: reused from call to call. */
export class ConditionPoints {
  readonly capacity: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Centre of the window. */
  readonly x0: Float64Array;
  readonly y0: Float64Array;
  /** 1 where the point belongs to the band. */
  readonly held: Float64Array;
  readonly #inRegion: Float64Array;
  readonly #cut: Pick<Cut, 'is2D' | 'regionCondition' | 'condition' | 'conditionPlace'>;

  constructor(cut: Pick<Cut, 'is2D' | 'regionCondition' | 'condition' | 'conditionPlace'>, capacity: number) {
    const make = () => new Float64Array(capacity);
    this.capacity = capacity;
    [this.x, this.y, this.x0, this.y0, this.held, this.#inRegion] = [make(), make(), make(), make(), make(), make()];
    this.#cut = cut;
  }

  /**
   * Fills `held` for the first `count` points by the conditions of region and band (box and blind regions are left to
   * the caller). Error (kind card, with the point) where the condition of the band has no value inside the region.
   */
  evaluate(count: number): void {
    const { is2D, regionCondition, condition } = this.#cut;
    const { x, y, x0, y0, held } = this;
    const inRegion = this.#inRegion;
    if (condition === undefined) held.fill(1, 0, count);
    else condition.evaluateMany(is2D ? [x, y, x0, y0] : [x, x0], count, held);
    if (regionCondition !== undefined) {
      regionCondition.evaluateMany(is2D ? [x, y] : [x], count, inRegion);
      for (let j = 0; j < count; j++) if (inRegion[j] === 0 || inRegion[j] !== inRegion[j]) held[j] = 0;
    }
    for (let j = 0; j < count; j++) if (held[j] !== held[j]) this.#refuse(j);
  }

  #refuse(j: number): never {
    const { is2D, conditionPlace } = this.#cut;
    const { x, y, x0, y0 } = this;
    const at = is2D ? `x = ${x[j]}, y = ${y[j]}` : `x = ${x[j]}`;
    const of = is2D ? `x0 = ${x0[j]}, y0 = ${y0[j]}` : `x0 = ${x0[j]}`;
    const message = `card: ${conditionPlace} compares with NaN at ${at}, ${of}, expected numbers everywhere`;
    throw new DarkscanError('card', `${message}; correct the condition`, { where: conditionPlace });
  }
}
