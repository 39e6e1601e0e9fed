/** `darkscan init`: writes a commented card to start from. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { saveFile } from '../../node/atomic-file.ts';
import { DEFAULT_EXAMPLE, exampleCardPath, exampleNames } from '../package-files.ts';
import type { AddCommand } from '../program.ts';
import { note, print } from '../session.ts';

interface InitOptions {
  readonly example: string;
  readonly list?: boolean;
  readonly force?: boolean;
  readonly quiet?: boolean;
}

export const addInit: AddCommand = (program, session) => {
  program
    .command('init')
    .description('write a commented example card')
    .argument('[file]', 'card to write; - for stdout', 'card.yaml')
    .option('--example <name>', 'which example', DEFAULT_EXAMPLE)
    .option('--list', 'list the examples')
    .option('--force', 'overwrite an existing file')
    .option('-q, --quiet', 'nothing but errors')
    .action(async (file: string, options: InitOptions) => {
      if (options.list) return print(session, exampleNames().join('\n'));
      const text = await readFile(exampleCardPath(options.example), 'utf8');
      if (file === '-') return print(session, text);
      await saveFile(resolve(session.cwd, file), text, options.force);
      note(session, options, `${file}: written; edit it, then: darkscan scan ${file}`);
    });
};
