/** Which figures a spectrum scan has: the list as data, so that `scan` and `plot` draw the same. */
import type { Figure } from '../figures.ts';
import type { SpectrumFigureInputs } from './figure-inputs.ts';

/** In the order people look at them; only those the inputs allow. */
export function listSpectrumFigures(_inputs: SpectrumFigureInputs): Figure[] {
  return [];
}
