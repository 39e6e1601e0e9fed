/** From the spectra of a card, prepared for its scan, to its campaign of toys. */
import type { Backend } from '../../engine/backend.ts';
import { hashCard } from '../../io/card.ts';
import type { PreparedSpectra } from '../../scan/spectrum/prepare.ts';
import { prepareSpectrumToys, type SpectrumToySetup } from './prepare-spectrum-toys.ts';

/** @param cpu makes a backend with f64 for what a GPU leaves; default: this thread */
export async function prepareToysOfSpectra(
  { card, parts, mass, blind, spurious, shapeNuisances }: PreparedSpectra,
  seed: number,
  cpu?: () => Backend,
): Promise<SpectrumToySetup> {
  const hash = await hashCard(card);
  const isUnbinned = parts.some((part) => 'unbinned' in part && part.unbinned !== undefined);
  const isVaried = shapeNuisances.length > 0 || spurious.some((size) => size > 0);
  const warnings = [
    ...(isUnbinned ? ['toys and the Z they are compared with are those of the binned spectrum'] : []),
    ...(isVaried
      ? [
          'toys and the Z they are compared with are without spurious signal and uncertainties of the shape of the signal',
        ]
      : []),
  ];
  return prepareSpectrumToys(parts, { card: { name: card.name, hash }, seed, masses: mass, blind, cpu, warnings });
}
