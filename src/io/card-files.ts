/** Files a card names, with the place of each name. */
import { isSpectrumCard } from './card.ts';
import type { AnyCard } from '../model/card.ts';

export interface NamedFile {
  readonly name: string;
  readonly where: string;
}

export function filesOfCard(card: AnyCard): NamedFile[] {
  const files: NamedFile[] = [];
  const add = (name: string, where: string): void => void files.push({ name, where });
  if (isSpectrumCard(card)) {
    card.spectra.forEach(({ data, hypotheses, shape }, i) => {
      const where = `spectra[${i}]`;
      if ('file' in data) add(data.file, `${where}.data.file`);
      if ('histogram' in data) add(data.histogram.file, `${where}.data.histogram.file`);
      if ('table' in hypotheses) add(hypotheses.table.file, `${where}.hypotheses.table.file`);
      if (shape.kind === 'template') add(shape.table.file, `${where}.shape.table.file`);
    });
    return files;
  }
  if ('file' in card.data) add(card.data.file, 'data.file');
  if ('table' in card.windows) add(card.windows.table.file, 'windows.table.file');
  card.background.components.forEach((component, i) => {
    const where = `background.components[${i}]`;
    if ('map' in component) add(component.map.file, `${where}.map.file`);
    if ('sample' in component) add(component.sample.file, `${where}.sample.file`);
    if ('control' in component && component.control.file !== undefined)
      add(component.control.file, `${where}.control.file`);
    if ('table' in component) add(component.table.file, `${where}.table.file`);
  });
  const { efficiency } = card.signal;
  if (typeof efficiency === 'object') add(efficiency.table.file, 'signal.efficiency.table.file');
  return files;
}
