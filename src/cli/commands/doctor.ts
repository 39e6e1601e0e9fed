/** `darkscan doctor`: adapters, limits, precision self-test, what `auto` picks and why. Exit code 1 if a test fails. */
import { doctorReport, type DoctorReport } from '../../engine/doctor.ts';
import { EXIT_CODES } from '../../errors.ts';
import { packageVersion } from '../package-files.ts';
import type { AddCommand } from '../program.ts';
import { print } from '../session.ts';

export const addDoctor: AddCommand = (program, session, setExitCode) => {
  program
    .command('doctor')
    .description('show adapters, their limits and precision, and which backend auto takes')
    .option('--json', 'report as JSON on stdout')
    .action(async (options: { json?: boolean }) => {
      const report = await doctorReport(session.platform);
      const about = {
        darkscan: packageVersion(),
        node: process.versions.node,
        system: `${process.platform} ${process.arch}`,
      };
      print(
        session,
        options.json
          ? JSON.stringify({ ...about, ...report }, undefined, 2)
          : lines({ ...about, ...report }).join('\n'),
      );
      if (report.selfTest?.passed === false) setExitCode(EXIT_CODES.difference);
    });
};

function lines(report: DoctorReport & { darkscan: string; node: string; system: string }): string[] {
  const { adapters, auto, selfTest } = report;
  return [
    `darkscan ${report.darkscan}, Node ${report.node}, ${report.system}, ${report.cores} cores`,
    ...(report.sharedMemory ? [] : ['no shared memory: arrays are copied to workers']),
    ...(adapters.length === 0 ? [`webgpu: ${report.noAdapter}`] : []),
    ...adapters.flatMap((adapter, i) => [`adapter ${i + 1}:`, ...indent(adapter)]),
    ...(selfTest === undefined
      ? []
      : [`precision self-test: ${selfTest.passed ? 'passed' : 'FAILED'}`, ...indent(selfTest)]),
    `auto takes: ${auto.description}`,
    ...auto.reasons.map((reason) => `  ${reason}`),
  ];
}

function indent(facts: object): string[] {
  return Object.entries(facts).flatMap(([name, value]) =>
    value !== null && typeof value === 'object'
      ? [`  ${name}:`, ...indent(value).map((line) => `  ${line}`)]
      : [`  ${name}: ${value}`],
  );
}
