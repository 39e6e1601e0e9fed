/** The commands and options of `darkscan`, by commander. Commands are in commands/, one file each. */
import { Command } from 'commander';
import { addBias } from './commands/bias.ts';
import { addCompare } from './commands/compare.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addExport } from './commands/export.ts';
import { addInit } from './commands/init.ts';
import { addInspect } from './commands/inspect.ts';
import { addScan } from './commands/scan.ts';
import { addServe } from './commands/serve.ts';
import { addSimulate } from './commands/simulate.ts';
import { addToys } from './commands/toys.ts';
import { addPlot } from './commands/plot.ts';
import { addValidate } from './commands/validate.ts';
import { packageVersion } from './package-files.ts';
import type { Session } from './session.ts';

const EXIT_CODE_HELP = `
Exit codes:
  0    done
  1    compare found differences, or doctor found a failing device
  2    wrong use of the command line
  3    the card is not valid
  4    toys are missing between merged shards
  5    data missing, unreadable or damaged
  6    the output exists already or cannot be written there; shards that do not
       belong together; the port of serve is taken
  7    the GPU asked for is not there or was lost
  8    numerical failure
  9    a limit on memory or file size was reached
  70   a bug in darkscan
  75   toys stopped at their time limit; what was done is kept
  130  interrupted (Ctrl-C, SIGTERM); no broken file is left

Environment:
  DARKSCAN_DATA            folders searched for data files after that of the card
  DARKSCAN_MAX_DATA_BYTES  largest data file read, unpacked (default 2 GiB)`;

/** Adds a command to the program; `setExitCode` is for outcomes that are not errors. */
export type AddCommand = (program: Command, session: Session, setExitCode: (code: number) => void) => void;

const COMMANDS: readonly AddCommand[] = [
  addScan,
  addToys,
  addBias,
  addSimulate,
  addValidate,
  addInspect,
  addExplain,
  addPlot,
  addExport,
  addCompare,
  addDoctor,
  addInit,
  addServe,
];

export function makeProgram(session: Session, setExitCode: (code: number) => void): Command {
  const { stdout, stderr } = session.streams;
  const program = new Command('darkscan')
    .description(
      'Scan thousands of windows for new particles: local significance and upper limits, on the GPU or the CPU.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .enablePositionalOptions() // options of `toys merge` are its own, not those of `toys`
    .addHelpText('after', EXIT_CODE_HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: (text, write) =>
        write(
          `${text
            .trim()
            .replace(/\n/g, ' ')
            .replace(/^error: /, 'darkscan: ')}\n`,
        ),
    });
  for (const add of COMMANDS) add(program, session, setExitCode);
  return program;
}
