/** `darkscan validate CARD`: everything that can be wrong with a card before numbers are computed. */
import { hashCard, isSpectrumCard } from '../../io/card.ts';
import { CARD_ARGUMENT, CARD_ARGUMENT_HELP, readAnyCard } from '../card-input.ts';
import { filesOfCard } from '../../io/card-files.ts';
import { componentLines } from '../background-lines.ts';
import type { AddCommand } from '../program.ts';
import { note, print } from '../session.ts';

interface ValidateOptions {
  readonly data: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const addValidate: AddCommand = (program, session) => {
  program
    .command('validate')
    .description('check a card and that its files are there and readable; nothing is computed')
    .argument(CARD_ARGUMENT, CARD_ARGUMENT_HELP)
    .option('--no-data', 'check the card only, not its files')
    .option('--json', 'result as JSON on stdout')
    .option('-q, --quiet', 'nothing but errors')
    .action(async (named: string | undefined, options: ValidateOptions) => {
      const { card, source, files } = await readAnyCard(named, session, options);
      const found = [];
      for (const { name, where } of options.data ? filesOfCard(card) : []) {
        const { sha256, storedBytes } = await files.read(name, where);
        found.push({ name, where, sha256, bytes: storedBytes });
      }
      const sha256 = await hashCard(card);
      if (options.json) print(session, JSON.stringify({ card: card.name, sha256, files: found }, undefined, 2));
      else {
        note(session, options, `${source}: valid card '${card.name}', sha256 ${sha256}`);
        for (const line of isSpectrumCard(card) ? [] : componentLines(card))
          note(session, options, `background ${line}`);
        for (const file of found)
          note(session, options, `${file.where}: ${file.name}, ${file.bytes} bytes, sha256 ${file.sha256}`);
      }
    });
};
