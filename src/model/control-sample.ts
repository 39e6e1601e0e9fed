/**
 * Control sample: events of another selection, counted in the same windows, whose number times the transfer factor
 * measures the background. It is a side band in the sense of the model, n_off ~ Poisson(b / transfer): tau = 1/transfer.
 * The uncertainty of the transfer factor is a nuisance on the component.
 */
import type { Card, ControlSample } from './card.ts';
import { FINITE_ABOVE_0, isFiniteAbove0, valuesAtCentres } from './centre-formula.ts';
import type { Events } from './columns.ts';
import { countEvents } from './counting.ts';
import type { BackgroundComponent } from './counting-model.ts';
import type { Scope } from './expression.ts';
import type { WindowSet } from './windows.ts';

/**
 * @param where path of the control sample in the card
 * Error (kind card): a transfer factor that is not a finite number above 0, or so small that 1/transfer is infinite.
 */
export function controlComponent(
  name: string,
  control: ControlSample,
  where: string,
  scope: Scope,
  windows: WindowSet,
  events: Events,
): BackgroundComponent {
  const isUsable = (value: number) => isFiniteAbove0(value) && isFiniteAbove0(1 / value);
  const transfer = valuesAtCentres(control.transfer, windows, scope, `${where}.transfer`, FINITE_ABOVE_0, isUsable);
  const nOff = countEvents(windows, events);
  return { name, kind: 'side-band', b0: transfer.map((t, i) => t * nOff[i]), nOff, tau: transfer.map((t) => 1 / t) };
}

/** What is read for a control sample: its own file, or that of the data with the columns derived for them. */
export function controlSource(card: Card, control: ControlSample) {
  const { file, tree, derive, select } = control;
  if (file !== undefined) return { file, tree, derive, select, isDataFile: false, hasDataRows: false };
  if (!('file' in card.data)) return undefined;
  const { data } = card;
  return {
    file: data.file,
    tree: tree ?? data.tree,
    derive: { ...data.derive, ...derive },
    select,
    isDataFile: true,
    /** Rows could be data as well. */
    hasDataRows: tree === undefined || tree === data.tree,
  };
}
