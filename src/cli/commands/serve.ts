/** `darkscan serve`: the page, for this machine alone, until Ctrl-C. */
import { DarkscanError } from '../../errors.ts';
import { PAGE_HOST, servePage } from '../../node/serve-page.ts';
import { pageFolder } from '../package-files.ts';
import type { AddCommand } from '../program.ts';
import { wholeNumber } from '../scan-options.ts';
import { note, print, type Session } from '../session.ts';

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly quiet?: boolean;
}

const DEFAULT_PORT = 8017;

export const addServe: AddCommand = (program, session) => {
  program
    .command('serve')
    .description('serve the page to the browsers of this machine until Ctrl-C (exit code 0): drop a file, see the scan')
    .option('--port <n>', 'port; 0 takes a free one', (text) => wholeNumber(text, 0, 65535), DEFAULT_PORT)
    .option('--host <address>', `${PAGE_HOST} only`, PAGE_HOST)
    .option('-q, --quiet', 'nothing but the address')
    .action(async ({ port, host, quiet }: ServeOptions) => {
      if (host !== PAGE_HOST) throw notThisMachine(host);
      const server = await servePage(pageFolder(), port);
      print(session, server.url);
      note(
        session,
        { quiet },
        'the page is at this address, for this machine alone; files stay in the browser. Ctrl-C ends',
      );
      await aborted(session);
      await server.close();
    });
};

function notThisMachine(host: string): DarkscanError {
  return new DarkscanError(
    'usage',
    `serve: --host is '${host}', allowed: ${PAGE_HOST} (the page is for this machine alone); ` +
      `for others put dist/web on a web server, or reach it by ssh -L ${DEFAULT_PORT}:${PAGE_HOST}:${DEFAULT_PORT}`,
  );
}

function aborted({ signal }: Session): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
