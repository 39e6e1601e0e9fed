/** Files a card names, with the place of each name. */
import type { Card } from '../model/card.ts';

export interface NamedFile {
  readonly name: string;
  readonly where: string;
}

export function filesOfCard(card: Card): NamedFile[] {
  const files: NamedFile[] = [];
  const add = (name: string, where: string): void => void files.push({ name, where });
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
