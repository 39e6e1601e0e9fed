/** `darkscan plot RUN`: draws the figures of a finished run again, all or some, without its data. */
import { join, resolve } from 'node:path';
import { DarkscanError } from '../../errors.ts';
import { saveFile } from '../../node/atomic-file.ts';
import { loadPngRenderer } from '../../node/png.ts';
import { readFigures } from '../../node/read-run.ts';
import type { AddCommand } from '../program.ts';
import { note, print } from '../session.ts';

interface PlotOptions {
  readonly what?: string;
  readonly out?: string;
  readonly png: boolean;
  readonly list?: boolean;
  readonly force?: boolean;
  readonly quiet?: boolean;
}

export const addPlot: AddCommand = (program, session) => {
  program
    .command('plot')
    .description('draw the figures of a run, SVG and PNG')
    .argument('<run>', 'run directory')
    .option('--what <names>', 'figures to draw, separated by commas (default: all)')
    .option('--list', 'list the figures this run has')
    .option('--out <folder>', 'where to write (default: <run>/plots)')
    .option('--no-png', 'SVG only')
    .option('--force', 'overwrite existing files')
    .option('-q, --quiet', 'nothing but errors')
    .action(async (run: string, options: PlotOptions) => {
      const figures = await readFigures(resolve(session.cwd, run));
      const names = figures.map(({ name }) => name);
      if (options.list) return print(session, names.join('\n'));
      const wanted = options.what?.split(',').map((name) => name.trim()) ?? names;
      const unknown = wanted.find((name) => !names.includes(name));
      if (unknown !== undefined)
        throw new DarkscanError('usage', `plot: no figure '${unknown}'; this run has ${names.join(', ')}`);
      const png = options.png ? await loadPngRenderer() : undefined;
      if (png !== undefined && 'unavailable' in png) note(session, options, png.unavailable);
      const folder = options.out ?? join(run, 'plots');
      for (const { name, draw } of figures.filter((figure) => wanted.includes(figure.name))) {
        const svg = draw();
        const path = resolve(session.cwd, folder, name);
        await saveFile(`${path}.svg`, svg, options.force);
        if (typeof png === 'function') await saveFile(`${path}.png`, png(svg), options.force);
        note(session, options, join(folder, `${name}.svg`));
      }
    });
};
