/** `darkscan simulate CARD`: pseudo-data from the background densities and injected signals of a card, as CSV. */
import { resolve } from 'node:path';
import { formatReal } from '../../io/result-csv.ts';
import { readWholeTable } from '../../io/table-file.ts';
import { makeScope } from '../../model/expression.ts';
import type { Columns } from '../../model/columns.ts';
import { simulateEvents } from '../../model/simulate.ts';
import { tableKey } from '../../model/table-key.ts';
import { saveFile } from '../../node/atomic-file.ts';
import { CARD_ARGUMENT, CARD_ARGUMENT_HELP, readCard } from '../card-input.ts';
import type { AddCommand } from '../program.ts';
import { seedOption } from '../scan-options.ts';
import { note } from '../session.ts';

interface SimulateOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly seed?: number;
  readonly quiet?: boolean;
}

export const addSimulate: AddCommand = (program, session) => {
  program
    .command('simulate')
    .description('draw pseudo-data from the background and the injected signals of a card')
    .argument(CARD_ARGUMENT, CARD_ARGUMENT_HELP)
    .option('--out <file>', 'CSV file to write; - for stdout', '-')
    .option('--force', 'overwrite an existing file')
    .addOption(seedOption())
    .option('-q, --quiet', 'nothing but errors')
    .action(async (named: string | undefined, options: SimulateOptions) => {
      const { card, files } = await readCard(named, session, options, 'simulate');
      const maps = new Map<string, Columns>();
      const columns = ['x_low', 'x_high', ...(card.y === undefined ? [] : ['y_low', 'y_high']), 'events'];
      for (const [i, component] of card.background.components.entries()) {
        if (!('map' in component)) continue;
        const file = await files.read(component.map.file, `background.components[${i}].map.file`);
        maps.set(tableKey(component.map), await readWholeTable(file, columns, component.map.tree));
      }
      const seed = options.seed ?? card.seed ?? 1;
      const { x, y, component, names } = simulateEvents(card, makeScope(card), seed, maps);
      const header = [card.x.column, ...(card.y === undefined ? [] : [card.y.column]), 'source'];
      const lines = [header.join(',')];
      // The last column is for people; a card reads only the columns it names.
      x.forEach((value, i) =>
        lines.push([formatReal(value), ...(y ? [formatReal(y[i])] : []), names[component[i]]].join(',')),
      );
      const text = `${lines.join('\n')}\n`;
      if (options.out === '-') session.streams.stdout.write(text);
      else await saveFile(resolve(session.cwd, options.out), text, options.force);
      const counts = names.map((name, k) => `${component.filter((c) => c === k).length} ${name}`);
      note(
        session,
        options,
        `${options.out === '-' ? card.name : options.out}: ${x.length} events (${counts.join(', ')}), seed ${seed}`,
      );
    });
};
